package io.pgring.it.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.Limits;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may have missed a notification is told so: its session ends. */
class ListenerFaultsIT {
    private static final String LISTENING = "pg_stat_activity WHERE application_name = 'pgring notifications'";
    private static final int NOTIFICATION_BYTES_MAX = 256 << 10;

    private Cluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.start(plan -> plan.shardCount(2)
                .threads(2)
                .limits(new Limits(100, 1 << 20, 60_000, 1 << 20, 5_000, 10_000, NOTIFICATION_BYTES_MAX)));
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aLostConnectionEndsTheSessionsThatListen() throws Exception {
        for (int shard = 0; shard < 2; shard++) {
            try (RawClient listener = RawClient.connect(cluster.port());
                    RawClient inTransaction = RawClient.connect(cluster.port());
                    RawClient other = RawClient.connect(cluster.port())) {
                listener.query("LISTEN a");
                inTransaction.query("LISTEN b");
                inTransaction.query("BEGIN");
                other.query("SELECT 1");
                cluster.servers().value(shard, "SELECT count(pg_terminate_backend(pid)) FROM " + LISTENING);
                assertLost(listener.readToEnd());
                assertLost(inTransaction.readToEnd());
                assertThat(other.value("SELECT 7")).isEqualTo("7");
                assertThat(other.answer("LISTEN a")).containsExactly("C LISTEN", "Z IDLE");
                other.query("NOTIFY a, 'again'");
            }
        }
    }

    @Test
    void aSessionInTheMiddleOfAStatementIsEndedBehindIt() throws Exception {
        try (RawClient listener = RawClient.connect(cluster.port())) {
            listener.query("LISTEN a");
            listener.send(Query.of("SELECT pg_advisory_xact_lock(4711), 'done'"));
            listener.readToReady();
            try (RawClient blocker = RawClient.connect(cluster.port())) {
                blocker.query("BEGIN");
                blocker.query("SELECT pg_advisory_xact_lock(4711)");
                listener.send(Query.of("SELECT pg_advisory_xact_lock(4711), 'done'"));
                Eventually.holds(
                        "it waits",
                        () -> cluster.servers()
                                .value(0, "SELECT count(*) FROM pg_locks WHERE NOT granted")
                                .equals("1"));
                cluster.servers().value(0, "SELECT count(pg_terminate_backend(pid)) FROM " + LISTENING);
                Eventually.holds(
                        "the connection is gone",
                        () -> cluster.servers()
                                .value(0, "SELECT count(*) FROM " + LISTENING)
                                .equals("0"));
                blocker.query("COMMIT");
            }
            List<Reply> replies = listener.readToEnd();
            assertThat(replies.stream().map(Reply::text)).contains("C SELECT 1", "Z IDLE");
            assertLost(replies.subList(replies.size() - 1, replies.size()));
        }
    }

    /** One shard's answer to the second LISTEN never comes. */
    @Test
    void aSessionThatIsAboutToListenToMoreIsEndedToo() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("pgring.it.servers", "embedded").equals("embedded"),
                "processes in containers can't be stopped from here");
        try (RawClient listener = RawClient.connect(cluster.port())) {
            listener.query("LISTEN a");
            String frozen = cluster.servers().value(1, "SELECT pid FROM " + LISTENING);
            signal("STOP", frozen);
            try {
                listener.send(Query.of("LISTEN b"));
                Eventually.holds(
                        "the other shard has answered",
                        () -> cluster.servers()
                                .value(0, "SELECT query FROM " + LISTENING)
                                .contains("\"b\""));
                cluster.servers().value(0, "SELECT count(pg_terminate_backend(pid)) FROM " + LISTENING);
                assertLost(listener.readToEnd());
            } finally {
                signal("CONT", frozen);
            }
        }
    }

    private static void signal(String name, String process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, process)
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void assertLost(List<Reply> replies) {
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.is(BackendType.ERROR_RESPONSE)).isTrue();
            assertThat(reply.text()).startsWith("E FATAL 08006 lost the connection that listens for this session");
        });
    }

    @Test
    void whileAShardIsDownNobodyCanListen() throws Exception {
        cluster.servers().stop(1);
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.query("LISTEN a").get(0).sqlState()).isEqualTo("08006");
            assertThat(client.value("SELECT 7")).isEqualTo("7");
            client.query("BEGIN");
            assertThat(client.query("LISTEN a").get(0).sqlState()).isEqualTo("08006");
            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
            cluster.servers().start(1);
            Eventually.succeeds(() -> assertThat(client.answer("LISTEN a")).containsExactly("C LISTEN", "Z IDLE"));
        }
    }

    /** The connection that listens is let in late. */
    @Test
    void aListenThatWaitsCanBeCancelled() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("SELECT 1");
            cluster.servers().execute(1, "ALTER SYSTEM SET post_auth_delay = '60s'");
            cluster.servers().execute(1, "SELECT pg_reload_conf()");
            client.send(Query.of("LISTEN a"));
            Eventually.holds("it is answered", () -> {
                RawClient.cancel(cluster.port(), client.key());
                return client.hasInput();
            });
            List<Reply> replies = client.readToReady();
            assertThat(replies.get(0).sqlState()).isEqualTo("57014");
            assertThat(client.value("SELECT 7")).isEqualTo("7");
        }
    }

    @Test
    void whoDoesNotReadIsEnded() throws Exception {
        String payload = "x".repeat(7_000);
        try (RawClient sleeper = RawClient.connect(cluster.port());
                RawClient reader = RawClient.connect(cluster.port());
                RawClient sender = RawClient.connect(cluster.port())) {
            sleeper.query("LISTEN flood");
            sleeper.query("BEGIN");
            reader.query("LISTEN flood");
            for (int i = 0; i < 60; i++) {
                sender.query("NOTIFY flood, '" + i + payload + "'");
                assertThat(reader.read().is(BackendType.NOTIFICATION_RESPONSE)).isTrue();
            }
            assertThat(sleeper.readToEnd().stream().map(Reply::text))
                    .singleElement()
                    .asString()
                    .startsWith("E FATAL 53400 too many notifications wait for this session");
        }
    }

    @Test
    void aListenerIsSentAwayByADrain() throws IOException, SQLException {
        try (RawClient listener = RawClient.connect(cluster.port())) {
            listener.query("LISTEN a");
            cluster.proxy().close();
            assertThat(listener.readToEnd().get(0).sqlState()).isEqualTo("57P01");
            Eventually.holds(
                    "the connections are gone",
                    () -> cluster.servers()
                            .value(0, "SELECT count(*) FROM " + LISTENING)
                            .equals("0"));
        }
    }
}
