package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.ShardConfiguration;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shard has two hosts, of which one can be written to; the other takes over. */
class FailoverIT {
    private static final String TABLE = "CREATE TABLE kv (key text PRIMARY KEY, value text)";
    private static final String HOST = "SELECT value FROM kv WHERE key = 'host'";

    /** Two servers as the hosts of one shard. */
    private static Servers oneShard(Servers servers) {
        ShardConfiguration first = servers.shards().get(0);
        ShardConfiguration second = servers.shards().get(1);
        return new WithoutDdl(
                servers,
                List.of(new ShardConfiguration(
                        first.name(),
                        first.addresses() + "," + second.addresses(),
                        first.port(),
                        first.database(),
                        first.user(),
                        first.password(),
                        first.tls(),
                        first.weight())));
    }

    @Test
    void theHostThatCanBeWrittenToServes() throws Exception {
        try (Servers servers = Servers.running(2)) {
            for (int host = 0; host < 2; host++) {
                servers.execute(host, TABLE);
                servers.execute(host, "INSERT INTO kv VALUES ('host', '" + host + "')");
            }
            readOnly(servers, 0, "on");
            try (Cluster cluster =
                    Cluster.start(plan -> plan.on(oneShard(servers)).threads(1))) {
                assertServedBy("1", cluster);

                servers.execute(1, "CHECKPOINT");
                servers.crash(1);
                readOnly(servers, 0, "off");
                assertServedBy("0", cluster);

                servers.start(1);
                readOnly(servers, 0, "on");
                assertServedBy("1", cluster);
            }
        }
    }

    /** Without a restart of the proxy. */
    private static void assertServedBy(String host, Cluster cluster) {
        Eventually.succeeds(() -> {
            try (RawClient client = RawClient.connect(cluster.port())) {
                assertThat(client.value(HOST)).isEqualTo(host);
                assertThat(client.answer("UPDATE kv SET value = value WHERE key = 'host'"))
                        .containsExactly("C UPDATE 1", "Z IDLE");
            }
        });
    }

    private static void readOnly(Servers servers, int host, String value) throws SQLException {
        servers.execute(host, "ALTER SYSTEM SET default_transaction_read_only = " + value);
        servers.value(host, "SELECT pg_reload_conf()");
        Eventually.holds(
                "the server has read it",
                () -> servers.value(host, "SHOW default_transaction_read_only").equals(value));
    }
}
