package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One server connection per shard: nobody waits for himself, and those who wait for each other are told. */
@ExtendWith(SharedCluster.class)
class NarrowPoolIT {
    private static final int[] NONE = {};
    private static final int LONG_MILLIS = 120_000;
    private static final Pattern WAITING = Pattern.compile("\"waiting\":(\\d+)");

    private final Cluster cluster;

    NarrowPoolIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private Cluster narrow(long queueWaitMillisMax) throws Exception {
        return narrow(1, queueWaitMillisMax);
    }

    private Cluster narrow(int connections, long queueWaitMillisMax) throws Exception {
        return Cluster.start(plan -> plan.beside(cluster)
                .threads(1)
                .pool(new PoolConfiguration(
                        connections, 10_000, queueWaitMillisMax, 15_000, 600_000, 3_600_000, 5_000, 200)));
    }

    private String key(int shard) {
        return cluster.keyOn(shard, "narrow");
    }

    private String read(int shard) {
        return "SELECT value FROM kv WHERE key = '" + key(shard) + "'";
    }

    private String update(int shard) {
        return "UPDATE kv SET value = 'x' WHERE key = '" + key(shard) + "'";
    }

    /** The role may not undo what a superuser has set, nor may one make what the other can. */
    @Test
    void settingsGoFromClientToClientWhateverTheirRoles() throws Exception {
        try (Cluster narrow = narrow(LONG_MILLIS);
                RawClient one = RawClient.connect(narrow.port());
                RawClient two = RawClient.connect(narrow.port())) {
            one.query("SET log_min_messages = 'error'");
            one.query("SET ROLE pg_monitor");
            two.query("SET ROLE pg_monitor");
            for (int round = 0; round < 2; round++) {
                assertThat(one.value("SELECT current_setting('log_min_messages') || ' ' || current_user"))
                        .isEqualTo("error pg_monitor");
                assertThat(two.value("SELECT current_setting('log_min_messages') || ' ' || current_user"))
                        .isEqualTo("warning pg_monitor");
            }
        }
    }

    @Test
    void aPortalThatIsSuspendedHoldsUpItsOwnClientAlone() throws Exception {
        try (Cluster narrow = narrow(LONG_MILLIS);
                RawClient client = RawClient.connect(narrow.port())) {
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                client.query("INSERT INTO kv VALUES ('" + key(shard) + "', '') ON CONFLICT (key) DO NOTHING");
            }
            for (FrontendMessage next :
                    List.of(Query.of(read(1)), Query.of("SELECT count(*) FROM kv"), Query.of(update(2)))) {
                suspend(client);
                client.send(next);
                assertFull(client.readToReady(), "can become free");
                assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            }
            client.query("BEGIN");
            client.query(update(0));
            client.query("ROLLBACK");
            suspend(client);
            client.send(new Close(Target.PORTAL, "p"), new Sync());
            client.readToReady();
            assertThat(client.answer(read(1))).endsWith("C SELECT 1", "Z IN_TRANSACTION");
            client.query("ROLLBACK");
        }
    }

    /** Both hold a connection to the same shard, so none is to spare there: the portals are parts of the transactions, and so is all else. */
    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "ROLLBACK"})
    void portalsOfTransactionsThatHoldAllConnections(String end) throws Exception {
        try (Cluster narrow = narrow(2, LONG_MILLIS);
                RawClient one = RawClient.connect(narrow.port());
                RawClient other = RawClient.connect(narrow.port())) {
            fill(one);
            for (RawClient client : List.of(one, other)) {
                client.query("BEGIN");
                client.query(read(1));
            }
            for (RawClient client : List.of(one, other)) {
                portal(client);
            }
            assertThat(one.answer(update(0))).containsExactly("C UPDATE 1", "Z IN_TRANSACTION");
            assertThat(other.answer(update(2))).containsExactly("C UPDATE 1", "Z IN_TRANSACTION");
            for (RawClient client : List.of(one, other)) {
                client.send(new Execute("p", 0), new Sync());
                assertThat(client.readToReady().stream().map(Reply::text)).endsWith("C SELECT 2", "Z IN_TRANSACTION");
                assertThat(client.answer(end)).containsExactly("C " + end, "Z IDLE");
            }
            String written = end.equals("COMMIT") ? "x" : "";
            assertThat(value(0) + value(1) + value(2)).isEqualTo(written + written);
        }
    }

    /** The first portal has connections of its own; the second one, for which there would be only the last ones, has not. */
    @Test
    void portalsDoNotTakeTheLastConnection() throws Exception {
        try (Cluster narrow = narrow(2, LONG_MILLIS);
                RawClient one = RawClient.connect(narrow.port());
                RawClient other = RawClient.connect(narrow.port())) {
            fill(one);
            suspend(one);
            suspend(other);
            one.send(Query.of(update(1)));
            assertThat(other.answer(update(0))).containsExactly("C UPDATE 1", "Z IN_TRANSACTION");
            assertThat(other.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
            assertThat(one.readToReady().stream().map(Reply::text)).containsExactly("C UPDATE 1", "Z IN_TRANSACTION");
            one.send(new Execute("p", 0), new Sync());
            assertThat(one.readToReady().stream().map(Reply::text)).endsWith("C SELECT 2", "Z IN_TRANSACTION");
            assertThat(one.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(value(0) + value(1) + value(2)).isEqualTo("x");
        }
    }

    /** No connection to a shard comes free in time for a statement on several: those that it has got take no part in what follows. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nothingIsWrittenBesideATransactionThatHasNotGotAllConnections(int missing) throws Exception {
        try (Cluster narrow = narrow(1_000);
                RawClient one = RawClient.connect(narrow.port());
                RawClient other = RawClient.connect(narrow.port())) {
            Idleness.comesWithConnections(narrow);
            fill(one);
            other.query("BEGIN");
            assertThat(other.answer(read(missing))).endsWith("C SELECT 1", "Z IN_TRANSACTION");
            one.query("BEGIN");
            one.query("SAVEPOINT s");
            one.send(Query.of("UPDATE kv SET value = 'y'"));
            assertFull(one.readToReady(), "became free in time");
            other.query("ROLLBACK");

            assertThat(one.answer("ROLLBACK TO s")).containsExactly("C ROLLBACK", "Z IN_TRANSACTION");
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                assertThat(one.answer(update(shard))).containsExactly("C UPDATE 1", "Z IN_TRANSACTION");
            }
            assertThat(one.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");

            assertThat(value(0) + value(1) + value(2)).isEmpty();
        }
    }

    /** What no connection can be left in the middle of is kept for the client, as far as there is room for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rowsAreKeptWithinBounds(boolean fit) throws Exception {
        Limits limits = new Limits(100, 2 << 20, 60_000, 1 << 20, 5_000, 10_000, 1 << 20);
        PoolConfiguration pool = new PoolConfiguration(1, 10_000, LONG_MILLIS, 15_000, 600_000, 3_600_000, 5_000, 200);
        try (Cluster narrow = Cluster.start(
                        plan -> plan.beside(cluster).threads(1).pool(pool).limits(limits));
                RawClient client = RawClient.connect(narrow.port())) {
            fill(client);
            client.query("BEGIN");
            client.query(read(1));
            portal(client, "SELECT repeat('x', " + (fit ? 500_000 : 1_100_000) + ") FROM kv");
            List<Reply> replies = client.readToReady();
            if (!fit) {
                assertThat(replies.get(replies.size() - 2).sqlState()).isEqualTo("0A000");
                assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
                return;
            }
            assertThat(replies.stream().map(Reply::text)).endsWith("s ", "Z IN_TRANSACTION");
            assertThat(client.answer(update(0))).containsExactly("C UPDATE 1", "Z IN_TRANSACTION");
            client.send(new Execute("p", 0), new Sync());
            assertThat(client.readToReady().stream().map(Reply::text)).endsWith("C SELECT 2", "Z IN_TRANSACTION");
            assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(value(0)).isEmpty();
        }
    }

    private void fill(RawClient client) throws IOException {
        client.query("DELETE FROM kv");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            client.query("INSERT INTO kv VALUES ('" + key(shard) + "', '')");
        }
    }

    private String value(int shard) throws SQLException {
        return cluster.servers().value(shard, "SELECT value FROM kv WHERE key = '" + key(shard) + "'");
    }

    private static void suspend(RawClient client) throws IOException {
        client.query("BEGIN");
        portal(client);
    }

    private static void portal(RawClient client) throws IOException {
        portal(client, "SELECT key FROM kv");
        assertThat(client.readToReady().stream().map(Reply::text)).endsWith("s ", "Z IN_TRANSACTION");
    }

    private static void portal(RawClient client, String sql) throws IOException {
        byte[] all = sql.getBytes(StandardCharsets.UTF_8);
        client.send(
                new Parse("", all, NONE),
                new Bind("p", "", NONE, new byte[0][], NONE),
                new Execute("p", 1),
                new Sync());
    }

    @Test
    void transactionsThatWaitForEachOtherAreTold() throws Exception {
        try (Cluster narrow = narrow(2, LONG_MILLIS)) {
            try (RawClient first = RawClient.connect(narrow.port());
                    RawClient second = RawClient.connect(narrow.port());
                    RawClient third = RawClient.connect(narrow.port());
                    RawClient fourth = RawClient.connect(narrow.port())) {
                for (RawClient client : List.of(first, second, third, fourth)) {
                    client.query("BEGIN");
                    client.query(read(client == first || client == second ? 1 : 2));
                }
                first.send(Query.of(read(2)));
                third.send(Query.of(read(1)));
                second.send(Query.of(read(2)));
                awaitWaiting(narrow, 3);
                List<Reply> told = fourth.query(read(1));
                assertThat(told.get(0).sqlState()).as(told.toString()).isEqualTo("40P01");
                assertThat(told).last().extracting(Reply::text).isEqualTo("Z FAILED");

                assertThat(fourth.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
                for (RawClient client : List.of(first, second, third)) {
                    assertThat(client.readToReady())
                            .last()
                            .extracting(Reply::text)
                            .isEqualTo("Z IN_TRANSACTION");
                    assertThat(client.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
                }
            }
        }
    }

    private static void awaitWaiting(Cluster narrow, int clients) {
        Eventually.holds(
                "so many wait",
                () -> WAITING.matcher(narrow.http().get("/stats").body())
                                .results()
                                .mapToInt(found -> Integer.parseInt(found.group(1)))
                                .sum()
                        == clients);
    }

    private static void assertFull(List<Reply> replies, String message) {
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z FAILED");
        Reply error = replies.get(replies.size() - 2);
        assertThat(error.sqlState()).as(error.text()).isEqualTo("53300");
        assertThat(error.text()).contains(message);
        assertThat(error.error().fields().hint()).contains("pool.connectionsPerShardMax");
    }
}
