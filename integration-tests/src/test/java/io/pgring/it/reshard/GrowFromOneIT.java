package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.FirstServers;
import io.pgring.it.support.KnownTopology;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A proxy that began with a single shard gets a second one. */
@ExtendWith(SharedServers.class)
class GrowFromOneIT {
    private final Servers servers;
    private Cluster cluster;

    GrowFromOneIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        KnownTopology.forget(servers);
        servers.executeEverywhere("DROP TABLE IF EXISTS kv CASCADE");
        cluster = Cluster.start(plan -> plan.on(new FirstServers(servers, 1)).threads(1));
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void transactionsOnBothAreCommittedAndEndedIfTheyAreLeft() throws Exception {
        GrowingRing ring = new GrowingRing(cluster, new FirstServers(servers, 2));
        try (Connection client = cluster.connect()) {
            Sql.execute(client, "INSERT INTO kv SELECT 'k' || i, '0' FROM generate_series(1, 100) i");
            ring.add(1);
            ring.awaitQuiet();
            assertThat(servers.value(1, "SELECT count(*) > 10 FROM kv")).isEqualTo("t");

            client.setAutoCommit(false);
            Sql.execute(client, "UPDATE kv SET value = '1' WHERE key = '" + key(0) + "'");
            Sql.execute(client, "UPDATE kv SET value = '1' WHERE key = '" + key(1) + "'");
            client.commit();
        }
        assertThat(servers.value(0, "SELECT count(*) FROM kv WHERE value = '1'"))
                .isEqualTo("1");
        assertThat(servers.value(1, "SELECT count(*) FROM kv WHERE value = '1'"))
                .isEqualTo("1");

        String left = "pgring:" + UUID.randomUUID() + ":shard-0:1";
        servers.execute(1, "BEGIN; UPDATE kv SET value = '2'; PREPARE TRANSACTION '" + left + "'");
        Eventually.holds(
                "it is ended",
                () -> servers.value(1, "SELECT count(*) FROM pg_prepared_xacts").equals("0"));
        assertThat(servers.value(1, "SELECT count(*) FROM kv WHERE value = '2'"))
                .isEqualTo("0");
    }

    /** Any key of a row on a server. */
    private String key(int shard) throws Exception {
        return servers.value(shard, "SELECT min(key) FROM kv");
    }
}
