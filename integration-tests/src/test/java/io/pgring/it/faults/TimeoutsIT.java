package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.Timeouts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What takes too long is ended in PostgreSQL's words, and nothing else is. All clients share one server connection per shard. */
@ExtendWith(SharedCluster.class)
class TimeoutsIT {
    private static final int[] NONE = {};
    private static final int MILLIS = 300;
    /** A step that takes longer may be too long for a limit. */
    private static final long STILL_NANOS = MILLIS * 1_000_000L / 2;

    private static final int ROUNDS_MAX = 20;
    /** Several times as long as a limit, in many short statements. */
    private static final long BUSY_NANOS = 1_000_000_000L;

    private final Cluster cluster;
    private List<String> keys;

    TimeoutsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private static Timeouts timeouts(long idle, long inTransaction, long transaction, long query) {
        return new Timeouts(idle, inTransaction, transaction, query, 0, 0, 10_000, 10_000);
    }

    private Cluster limited(Timeouts timeouts) throws Exception {
        return Cluster.start(plan -> plan.beside(cluster)
                .threads(1)
                .limits(new Limits(1_000, 0, 64 << 20, 60_000, 1 << 20, 5_000, 10_000, 16 << 20, timeouts))
                .pool(new PoolConfiguration(1, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200)));
    }

    @BeforeEach
    void rows() throws Exception {
        keys = cluster.keyOnEach("timeout");
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            cluster.servers().execute(shard, "INSERT INTO kv VALUES ('" + keys.get(shard) + "', 'x')");
        }
    }

    private String read(int shard) {
        return "SELECT value FROM kv WHERE key = '" + keys.get(shard) + "'";
    }

    private String update(int shard) {
        return "UPDATE kv SET value = 'undone' WHERE key = '" + keys.get(shard) + "'";
    }

    private String sleep(int shard) {
        return "SELECT pg_sleep(300) FROM kv WHERE key = '" + keys.get(shard) + "'";
    }

    private void assertReads(RawClient client) throws IOException {
        assertThat(client.value(read(1))).isEqualTo("x");
    }

    /** What a client does. */
    private interface Work {
        void run(RawClient client) throws IOException;
    }

    /**
     * A client that has worked several times as long as a limit, in short steps. It is another one that begins anew, if a step has taken long
     * because the machine stood still.
     */
    private static RawClient busy(Cluster limited, Work begin, Work step) throws IOException {
        for (int round = 1; ; round++) {
            RawClient client = RawClient.connect(limited.port());
            long last = System.nanoTime();
            long end = last + BUSY_NANOS;
            boolean still = false;
            try {
                begin.run(client);
                while (last < end && !still) {
                    step.run(client);
                    long now = System.nanoTime();
                    still = now - last > STILL_NANOS;
                    last = now;
                }
                if (!still) {
                    return client;
                }
            } catch (IOException | AssertionError e) {
                if (System.nanoTime() - last <= STILL_NANOS || round == ROUNDS_MAX) {
                    throw e;
                }
            }
            client.close();
            assertThat(round).as("the machine stands still again and again").isLessThan(ROUNDS_MAX);
        }
    }

    @Test
    void aClientThatIsSilentIsDisconnected() throws Exception {
        try (Cluster limited = limited(timeouts(MILLIS, 0, 0, 0));
                RawClient client = busy(limited, one -> {}, this::assertReads)) {
            assertEnded(client, "57P05", "terminating connection due to idle-session timeout");
        }
    }

    @Test
    void aClientThatIsSilentInATransactionIsDisconnectedAndItsServersAreFree() throws Exception {
        try (Cluster limited = limited(timeouts(0, MILLIS, 0, 0));
                RawClient client = RawClient.connect(limited.port());
                RawClient other = RawClient.connect(limited.port())) {
            client.query("BEGIN");
            client.query(update(1));
            client.query(update(2));
            assertEnded(client, "25P03", "terminating connection due to idle-in-transaction timeout");
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                assertThat(other.value(read(shard))).isEqualTo("x");
            }
        }
    }

    @Test
    void aClientThatKeepsAServerWithoutATransactionIsDisconnectedToo() throws Exception {
        try (Cluster limited = limited(timeouts(0, MILLIS, 0, 0));
                RawClient client = RawClient.connect(limited.port());
                RawClient other = RawClient.connect(limited.port())) {
            List<FrontendMessage> messages = new ArrayList<>(extended(read(1)));
            messages.set(messages.size() - 1, new Flush());
            client.send(messages.toArray(FrontendMessage[]::new));
            other.send(Query.of(read(1)));
            List<Reply> replies = client.readToEnd();
            assertThat(replies.get(replies.size() - 1).sqlState()).isEqualTo("25P03");
            assertThat(other.readToReady()).last().extracting(Reply::text).isEqualTo("Z IDLE");
        }
    }

    @Test
    void neitherQuickStatementsNorAStatementThatRunsAreIdleInTransaction() throws Exception {
        try (Cluster limited = limited(timeouts(MILLIS, MILLIS, 0, 0));
                RawClient client = busy(limited, one -> one.query("BEGIN"), this::assertReads)) {
            assertThat(client.answer("SELECT pg_sleep(0.7) FROM kv WHERE key = '" + keys.get(1) + "'"))
                    .endsWith("C SELECT 1", "Z IN_TRANSACTION");
            assertThat(client.answer("SELECT count(pg_sleep(0.7)) FROM kv")).endsWith("C SELECT 1", "Z IN_TRANSACTION");
            assertThat(client.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
        }
    }

    @Test
    void aTransactionThatIsTooLongIsRolledBackHoweverBusyItIs() throws Exception {
        try (Cluster limited = limited(timeouts(0, 0, MILLIS, 0));
                RawClient client = RawClient.connect(limited.port());
                RawClient other = RawClient.connect(limited.port())) {
            client.query("BEGIN");
            client.query(update(1));
            Reply last = null;
            while (last == null) {
                client.send(Query.of(read(2)));
                last = untilFatal(client);
            }
            assertThat(last.sqlState()).isEqualTo("25P04");
            assertThat(last.error().fields().message()).isEqualTo("terminating connection due to transaction timeout");
            assertThat(other.value(read(1))).isEqualTo("x");
        }
    }

    /** The FATAL error, if one comes in place of an answer. */
    private static @Nullable Reply untilFatal(RawClient client) throws IOException {
        while (true) {
            Reply reply = client.read();
            if (reply.is(BackendType.READY_FOR_QUERY)) {
                return null;
            }
            if (reply.is(BackendType.ERROR_RESPONSE) && reply.error().fields().isFatal()) {
                return reply;
            }
        }
    }

    @Test
    void aStatementOfATransactionThatIsTooLongIsCancelledFirst() throws Exception {
        try (Cluster limited = limited(timeouts(0, 0, MILLIS, 0));
                RawClient client = RawClient.connect(limited.port());
                RawClient other = RawClient.connect(limited.port())) {
            client.query("BEGIN");
            client.query(update(1));
            client.send(Query.of(sleep(2)));
            assertCanceled(client.readToReady(), "transaction", "Z FAILED");
            assertEnded(client, "25P04", "terminating connection due to transaction timeout");
            assertThat(other.value(read(1))).isEqualTo("x");
            assertThat(other.value(read(2))).isEqualTo("x");
        }
    }

    @Test
    void manyShortTransactionsAreNotOneLongOne() throws Exception {
        try (Cluster limited = limited(timeouts(0, 0, MILLIS, 0));
                RawClient client = busy(limited, one -> {}, this::runShortTransactions)) {
            assertThat(client.answer("COMMIT")).endsWith("C COMMIT", "Z IDLE");
        }
    }

    private void runShortTransactions(RawClient client) throws IOException {
        client.query("BEGIN");
        client.query(read(1));
        client.query("COMMIT AND CHAIN");
        client.query(read(1));
        client.query(read(2));
        client.query("COMMIT");
        client.send(Query.of("BEGIN"), Query.of(read(1)), Query.of("COMMIT; BEGIN"), Query.of("COMMIT"));
        for (int i = 0; i < 4; i++) {
            client.readToReady();
        }
    }

    @Test
    void aStatementThatIsTooLongIsCancelledOnAllServersAndTheSessionGoesOn() throws Exception {
        try (Cluster limited = limited(timeouts(0, 0, 0, MILLIS));
                RawClient client = RawClient.connect(limited.port())) {
            for (int round = 0; round < 3; round++) {
                client.send(Query.of(sleep(1)));
                assertCanceled(client.readToReady(), "statement", "Z IDLE");
                client.send(extended(sleep(1)).toArray(FrontendMessage[]::new));
                assertCanceled(client.readToReady(), "statement", "Z IDLE");
                client.send(Query.of("SELECT pg_sleep(300) FROM kv"));
                assertCanceled(client.readToReady(), "statement", "Z IDLE");
                assertThat(client.value(read(1))).isEqualTo("x");
            }
            client.query("BEGIN");
            client.query(update(1));
            client.send(Query.of(sleep(2)));
            assertCanceled(client.readToReady(), "statement", "Z FAILED");
            assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            assertNothingRuns();
        }
    }

    private void assertNothingRuns() {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            int each = shard;
            Eventually.holds(
                    "nothing runs",
                    () -> cluster.servers()
                            .value(
                                    each,
                                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
                                            + " AND query LIKE '%pg_sleep%'")
                            .equals("0"));
        }
    }

    @Test
    void waitingForAServerConnectionIsNoPartOfAStatement() throws Exception {
        try (Cluster limited = limited(timeouts(0, 0, 0, MILLIS));
                RawClient owner = RawClient.connect(limited.port());
                RawClient waiting = RawClient.connect(limited.port())) {
            owner.query("BEGIN");
            owner.query(read(1));
            waiting.send(Query.of(read(1)));
            long end = System.nanoTime() + BUSY_NANOS;
            while (System.nanoTime() < end) {
                owner.query(read(1));
            }
            assertThat(waiting.hasInput()).isFalse();
            owner.query("COMMIT");
            assertThat(waiting.readToReady().stream().map(Reply::text)).endsWith("C SELECT 1", "Z IDLE");
        }
    }

    @Test
    void aServerThatDoesNotObeyLosesItsConnection() throws Exception {
        Timeouts impatient = new Timeouts(0, 0, 0, MILLIS, 0, 0, MILLIS, 10_000);
        String stubborn = "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(300); EXCEPTION WHEN query_canceled THEN NULL; END;"
                + " END LOOP; END $$";
        try (Cluster limited = limited(impatient);
                RawClient client = RawClient.connect(limited.port());
                RawClient other = RawClient.connect(limited.port())) {
            client.send(Query.of(stubborn));
            List<Reply> replies = client.readToEnd();
            assertThat(replies).hasSize(1);
            assertThat(replies.get(0).sqlState()).isEqualTo("08007");
            assertThat(replies.get(0).error().fields().message()).contains("not known whether");
            assertThat(other.value(read(0))).isEqualTo("x");
        } finally {
            cluster.servers()
                    .value(
                            0,
                            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'DO $$ BEGIN LOOP%'");
        }
    }

    @Test
    void aClientThatDoesNotTakeItsRowsIsDisconnectedAndItsServerIsFree() throws Exception {
        Timeouts writing = new Timeouts(0, 0, 0, 0, MILLIS, 0, 10_000, 10_000);
        String rows = "SELECT repeat('x', 100000) FROM generate_series(1, 2000), kv WHERE key = '" + keys.get(1) + "'";
        try (Cluster limited = limited(writing);
                RawClient slow = RawClient.open(limited.port(), 16_384);
                RawClient other = RawClient.connect(limited.port())) {
            slow.send(RawClient.startup(java.util.Map.of()));
            slow.readToReady();
            slow.send(Query.of(rows));
            assertThat(other.value(read(1))).isEqualTo("x");
            assertThat(slow.readToEnd()).noneMatch(reply -> reply.is(BackendType.READY_FOR_QUERY));
        }
    }

    private static List<FrontendMessage> extended(String sql) {
        return List.of(
                new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE),
                new Bind("", "", NONE, new byte[0][], NONE),
                new Execute("", 0),
                new Sync());
    }

    private static void assertCanceled(List<Reply> replies, String what, String status) {
        assertThat(replies).last().extracting(Reply::text).isEqualTo(status);
        Reply error = replies.get(replies.size() - 2);
        assertThat(error.sqlState()).as(error.text()).isEqualTo("57014");
        assertThat(error.error().fields().message()).isEqualTo("canceling statement due to " + what + " timeout");
        assertThat(error.error().fields().detail()).contains("limits.");
    }

    private static void assertEnded(RawClient client, String sqlState, String message) throws IOException {
        List<Reply> replies = client.readToEnd();
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).sqlState()).isEqualTo(sqlState);
        assertThat(replies.get(0).error().fields().severity()).isEqualTo("FATAL");
        assertThat(replies.get(0).error().fields().message()).isEqualTo(message);
    }
}
