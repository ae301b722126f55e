package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How a proxy goes down: transactions end, clients are told, and nobody waits for ever. */
@ExtendWith(SharedCluster.class)
class ShutdownIT {
    private static final String GOING_DOWN = "57P01";

    private final Cluster cluster;
    private final Path folder;
    private List<String> keys;

    ShutdownIT(Cluster cluster, @TempDir Path folder) {
        this.cluster = cluster;
        this.folder = folder;
    }

    @BeforeEach
    void rows() throws Exception {
        keys = cluster.keyOnEach("shutdown");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            cluster.servers().execute(shard, "INSERT INTO kv VALUES ('" + keys.get(shard) + "', 'before')");
        }
    }

    private ProxyProcess proxy(long drainMillisMax) throws Exception {
        return ProxyProcess.start(
                folder, cluster.servers().shards(), "limits: {drainMillisMax: " + drainMillisMax + "}\n");
    }

    private String update(int shard) {
        return "UPDATE kv SET value = 'after' WHERE key = '" + keys.get(shard) + "'";
    }

    private String stored(int shard) throws Exception {
        return cluster.servers().value(shard, "SELECT value FROM kv WHERE key = '" + keys.get(shard) + "'");
    }

    @Test
    void transactionsEndWhileIdleClientsGoAndNewOnesAreTold() throws Exception {
        try (ProxyProcess proxy = proxy(600_000);
                RawClient idle = RawClient.connect(proxy.port());
                RawClient busy = RawClient.connect(proxy.port())) {
            busy.query("BEGIN");
            busy.query(update(1));
            assertThat(proxy.http().get("/health/ready").statusCode()).isEqualTo(200);

            proxy.signal("TERM");

            assertSentAway(idle);
            try (RawClient late = RawClient.open(proxy.port())) {
                late.send(RawClient.startup(Map.of()));
                Reply refusal = late.readToEnd().get(0);
                assertThat(refusal.sqlState()).isEqualTo("57P03");
                assertThat(refusal.error().fields().message()).isEqualTo("the database system is shutting down");
            }
            assertThat(proxy.http().get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(proxy.http().get("/health/ready").body()).contains("stopping");
            busy.query(update(2));
            assertThat(busy.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
            assertSentAway(busy);
            assertThat(proxy.finish().exitCode()).isZero();
            assertThat(stored(1)).isEqualTo("after");
            assertThat(stored(2)).isEqualTo("after");
        }
    }

    @Test
    void aTransactionThatTakesTooLongIsRolledBack() throws Exception {
        try (ProxyProcess proxy = proxy(300);
                RawClient busy = RawClient.connect(proxy.port())) {
            busy.query("BEGIN");
            busy.query(update(1));
            proxy.signal("TERM");
            assertSentAway(busy);
            assertThat(proxy.finish().exitCode()).isZero();
            assertThat(stored(1)).isEqualTo("before");
        }
    }

    @Test
    void aSecondSignalEndsThePatience() throws Exception {
        try (ProxyProcess proxy = proxy(600_000);
                RawClient idle = RawClient.connect(proxy.port());
                RawClient busy = RawClient.connect(proxy.port())) {
            busy.query("BEGIN");
            busy.query(update(1));
            proxy.signal("TERM");
            assertSentAway(idle);
            proxy.signal("TERM");
            assertSentAway(busy);
            assertThat(proxy.finish().exitCode()).isZero();
            assertThat(stored(1)).isEqualTo("before");
        }
    }

    @Test
    void anInterruptEndsWhatRunsOnTheServersToo() throws Exception {
        try (ProxyProcess proxy = proxy(600_000);
                RawClient busy = RawClient.connect(proxy.port())) {
            busy.send(Query.of("SELECT pg_sleep(300) FROM kv WHERE key = '" + keys.get(1) + "'"));
            Eventually.holds("it runs", () -> sleepers().equals("1"));
            proxy.signal("INT");
            assertSentAway(busy);
            assertThat(proxy.finish().exitCode()).isZero();
            Eventually.holds("it no longer runs", () -> sleepers().equals("0"));
        }
    }

    private String sleepers() throws Exception {
        return cluster.servers()
                .value(
                        1,
                        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
                                + " AND query LIKE '%pg_sleep(300)%'");
    }

    private static void assertSentAway(RawClient client) throws IOException {
        List<Reply> replies = client.readToEnd();
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).sqlState()).isEqualTo(GOING_DOWN);
        assertThat(replies.get(0).error().fields().severity()).isEqualTo("FATAL");
    }
}
