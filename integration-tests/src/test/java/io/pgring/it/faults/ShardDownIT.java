package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A shard that is down takes its own rows with it, and nothing else. */
class ShardDownIT {
    private static final String TABLE = "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text)";

    private static Servers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(2);
        servers.executeEverywhere(TABLE);
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
    }

    @Test
    void theOthersServeWhileOneIsDownAndItComesBackByItself() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1));
                RawClient client = RawClient.connect(cluster.port());
                RawClient inTransaction = RawClient.connect(cluster.port())) {
            List<String> keys = cluster.keyOnEach("down");
            for (String key : keys) {
                client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            }
            inTransaction.query("BEGIN");
            inTransaction.query("UPDATE kv SET value = 'undone' WHERE key = '" + keys.get(1) + "'");

            servers.stop(1);
            try {
                assertUnavailable(client, keys.get(1));
                assertServes(client, keys.get(0));
                inTransaction.send(Query.of("SELECT 1"));
                assertThat(inTransaction.readToEnd()).singleElement().satisfies(lost -> {
                    assertThat(lost.sqlState()).isEqualTo("08006");
                    assertThat(lost.error().fields().severity()).isEqualTo("FATAL");
                    assertThat(lost.error().message()).contains("shard-1");
                });
            } finally {
                Eventually.holds(
                        "the statistics say so",
                        () -> cluster.http().get("/stats").body().contains("\"state\":\"down\""));
                assertThat(cluster.http().get("/health/ready").body()).contains("\"state\":\"down\"", "\"shard-1\"");
                assertThat(cluster.http().get("/health/ready").statusCode()).isEqualTo(200);
                servers.start(1);
            }
            Eventually.succeeds(() -> assertServes(client, keys.get(1)));
            assertServes(client, keys.get(0));
            Eventually.holds(
                    "the statistics say so",
                    () -> !cluster.http().get("/stats").body().contains("\"state\":\"down\""));
        }
    }

    @Test
    void theHomeShardMayBeDownWhenClientsComeAndGo() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1))) {
            List<String> keys = cluster.keyOnEach("home");
            servers.stop(0);
            try {
                Eventually.succeeds(() -> {
                    try (RawClient client = RawClient.connect(cluster.port())) {
                        client.query("INSERT INTO kv VALUES ('" + keys.get(1) + "', 'x') ON CONFLICT DO NOTHING");
                        assertServes(client, keys.get(1));
                        assertUnavailable(client, keys.get(0));
                        assertThat(client.value("SELECT 1")).isEqualTo("1");
                    }
                });
            } finally {
                servers.start(0);
            }
        }
    }

    @Test
    void aProxyStartsWithoutAShardAndTakesItInWhenItComes() throws Exception {
        servers.stop(1);
        Cluster cluster;
        try {
            cluster = Cluster.start(plan -> plan.on(new WithoutDdl(servers)).threads(1));
        } catch (Exception | Error e) {
            servers.start(1);
            throw e;
        }
        try (cluster;
                RawClient client = RawClient.connect(cluster.port())) {
            List<String> keys = cluster.keyOnEach("late");
            try {
                client.query("INSERT INTO kv VALUES ('" + keys.get(0) + "', 'x')");
                assertServes(client, keys.get(0));
                assertUnavailable(client, keys.get(1));
            } finally {
                servers.start(1);
            }
            Eventually.succeeds(() -> {
                client.query("INSERT INTO kv VALUES ('" + keys.get(1) + "', 'x') ON CONFLICT DO NOTHING");
                assertServes(client, keys.get(1));
            });
        }
    }

    @Test
    void connectionsAreNotReplacedWhenTheirLifetimeIsUnlimited() throws Exception {
        PoolConfiguration forever = new PoolConfiguration(4, 10_000, 120_000, 15_000, 0, 0, 100, 200);
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1).pool(forever));
                RawClient client = RawClient.connect(cluster.port())) {
            String key = cluster.keyOn(0, "forever");
            String sql = "SELECT pg_backend_pid() FROM kv WHERE key = '" + key + "'";
            client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            String processId = client.value(sql);
            servers.value(0, "SELECT pg_sleep(1.2)");
            assertThat(client.value(sql)).isEqualTo(processId);
        }
    }

    private static void assertServes(RawClient client, String key) throws IOException {
        assertThat(client.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                .isEqualTo("x");
    }

    private static void assertUnavailable(RawClient client, String key) throws IOException {
        client.send(Query.of("SELECT value FROM kv WHERE key = '" + key + "'"));
        List<Reply> replies = client.readToReady();
        assertThat(replies.get(0).is(BackendType.ERROR_RESPONSE))
                .as("%s", replies)
                .isTrue();
        ErrorFields error = replies.get(0).error().fields();
        assertThat(error.sqlState()).isEqualTo("08006");
        assertThat(error.severity()).isEqualTo("ERROR");
        assertThat(error.message()).contains("\"shard-");
        assertThat(error.hint()).isNotBlank();
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z IDLE");
    }
}
