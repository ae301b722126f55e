package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Server processes end at the worst moments: who was in the middle of something is told once, all others notice nothing. */
class ServerKilledIT {
    private static final String TERMINATE = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE ";
    private static final Pattern OPENED = Pattern.compile("\"opened\":(\\d+)");

    private static Cluster cluster;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(plan -> plan.shardCount(2)
                .threads(1)
                .pool(new PoolConfiguration(2, 10_000, 120_000, 15_000, 600_000, 3_600_000, 60_000, 200)));
        key = cluster.keyOn(1, "killed");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void row() throws SQLException {
        cluster.truncate();
        cluster.servers().execute(1, "INSERT INTO kv VALUES ('" + key + "', 'x')");
    }

    @Test
    void inTheMiddleOfAReply() throws IOException, SQLException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of("SELECT generate_series(1, 2), pg_sleep(300) FROM kv WHERE key = '" + key + "'"));
            awaitSleeper();
            cluster.servers().value(1, TERMINATE + "wait_event = 'PgSleep'");
            assertLost(client.readToEnd(), "57P01");
        }
        assertServes();
    }

    @Test
    void inATransactionThatIsIdle() throws IOException, SQLException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("UPDATE kv SET value = 'undone' WHERE key = '" + key + "'");
            cluster.servers().value(1, TERMINATE + "state = 'idle in transaction'");
            Eventually.holds(
                    "the process is gone",
                    () -> cluster.servers()
                            .value(1, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
                            .equals("0"));
            client.send(Query.of("UPDATE kv SET value = 'undone' WHERE key = '" + key + "'"));
            assertLost(client.readToEnd(), "08006");
        }
        assertServes();
    }

    @Test
    void whileItIsIdleInThePool() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (int round = 0; round < 5; round++) {
                assertThat(client.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo("x");
                String ours = "application_name IN ('', 'pgring') AND backend_type = 'client backend'"
                        + " AND pid <> pg_backend_pid() AND state = 'idle'";
                long before = connectionsOpened();
                cluster.servers().value(1, TERMINATE + ours);
                Eventually.holds("the proxy has noticed", () -> connectionsOpened() > before);
            }
        }
    }

    private static long connectionsOpened() throws Exception {
        Matcher opened = OPENED.matcher(cluster.http().get("/stats").body());
        long sum = 0;
        while (opened.find()) {
            sum += Long.parseLong(opened.group(1));
        }
        return sum;
    }

    /** All processes of the server end when one is killed. */
    @Test
    void byASignalThatTakesAllOthersAlong() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port());
                RawClient other = RawClient.connect(cluster.port())) {
            client.send(Query.of("SELECT pg_sleep(300) FROM kv WHERE key = '" + key + "'"));
            awaitSleeper();
            String processes = cluster.servers()
                    .value(1, "SELECT string_agg(pid::text, ', ') FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
            kill(cluster.servers().value(1, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' LIMIT 1"));
            List<Reply> last = client.readToEnd();
            assertThat(last).hasSize(1);
            assertThat(last.get(0).sqlState()).matches("08006|57P0[12]");
            Eventually.succeeds(() -> assertThat(cluster.servers()
                            .value(1, "SELECT count(*) FROM pg_stat_activity WHERE pid IN (" + processes + ")"))
                    .isEqualTo("0"));
            Eventually.succeeds(() -> assertThat(other.answer("SELECT value FROM kv WHERE key = '" + key + "'"))
                    .contains("Z IDLE")
                    .noneMatch(text -> text.startsWith("E ")));
        }
    }

    /** The server itself sends the signal: the number may mean another process here. */
    private static void kill(String processId) throws SQLException {
        try {
            cluster.servers().execute(1, "COPY (SELECT 1) TO PROGRAM 'cat >&2; kill -9 " + processId + "'");
        } catch (SQLException e) {
            // This session ends as well, perhaps before it has said that it is done.
            assertThat(e.getSQLState()).matches("08006|57P0[12]");
        }
    }

    private static void awaitSleeper() {
        Servers servers = cluster.servers();
        Eventually.holds(
                "the statement runs",
                () -> servers.value(1, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals("1"));
    }

    /** The client was told once, by the server itself if it could, and then the connection ended. */
    private static void assertLost(List<Reply> replies, String sqlState) {
        List<Reply> errors = replies.stream()
                .filter(reply -> reply.is(BackendType.ERROR_RESPONSE))
                .toList();
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.sqlState()).isEqualTo(sqlState);
            assertThat(error.error().fields().severity()).isEqualTo("FATAL");
        });
        assertThat(replies).noneMatch(reply -> reply.is(BackendType.READY_FOR_QUERY));
    }

    private static void assertServes() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo("x");
            }
        }
    }
}
