package io.pgring.it.moves;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.proxy.config.PoolConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While rows are given to another shard, statements on them wait, others don't, and what was begun before comes to its end. */
class PausedRowsIT {
    private static final int QUEUE_LENGTH_MAX = 3;
    private static final int[] NONE = {};

    private static Cluster cluster;
    private HandMove move;
    private String moved;
    private String other;

    @BeforeAll
    static void start() throws Exception {
        PoolConfiguration usual = PoolConfiguration.DEFAULT;
        PoolConfiguration narrow = new PoolConfiguration(
                usual.connectionsPerShardMax(),
                QUEUE_LENGTH_MAX,
                60_000,
                usual.connectMillisMax(),
                usual.idleMillisMax(),
                usual.lifetimeMillisMax(),
                usual.healthCheckMillis(),
                usual.preparedStatementsMax());
        cluster = Cluster.start(plan -> plan.threads(1)
                .pool(narrow)
                .table(
                        "orders",
                        "id",
                        "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, kind text, n integer)"));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void fill() throws Exception {
        cluster.truncate();
        move = new HandMove(cluster);
        moved = cluster.keyOn(HandMove.SOURCE, "moved-");
        other = cluster.keyOn(0, "other-");
        try (RawClient client = client()) {
            client.query("INSERT INTO kv VALUES ('" + moved + "', 'old')");
            client.query("INSERT INTO kv VALUES ('" + other + "', 'other')");
        }
        move.hide().join();
        move.copy();
        cluster.servers().execute(HandMove.TARGET, "UPDATE kv SET value = 'new'");
    }

    @AfterEach
    void forget() throws Exception {
        move.forget();
    }

    private static RawClient client() throws Exception {
        return RawClient.connect(cluster.port());
    }

    private String select(String key) {
        return "SELECT value FROM kv WHERE key = '" + key + "'";
    }

    private void untilWaiting(int clients) {
        Eventually.holds(clients + " wait", () -> move.waiting() == clients);
    }

    private static List<String> rest(RawClient client) throws Exception {
        return client.readToReady().stream().map(Reply::text).toList();
    }

    private static Bind bind(String key) {
        byte[][] values = {key.getBytes(StandardCharsets.UTF_8)};
        return new Bind("", "", NONE, values, NONE);
    }

    private static Parse parse(String sql) {
        return new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE);
    }

    @Test
    void statementsOnMovedRowsWaitAndThenFindThemWhereTheyAre() throws Exception {
        try (RawClient simple = client();
                RawClient extended = client();
                RawClient all = client();
                RawClient free = client()) {
            move.pause().join();
            simple.send(Query.of(select(moved)));
            untilWaiting(1);
            extended.send(parse("SELECT value FROM kv WHERE key = $1"), bind(moved), new Execute("", 0), new Sync());
            untilWaiting(2);
            all.send(Query.of("SELECT count(*) FROM kv"));
            untilWaiting(3);
            assertThat(free.value(select(other))).isEqualTo("other");
            assertThat(free.answer("UPDATE kv SET value = 'changed' WHERE key = '" + other + "'"))
                    .contains("C UPDATE 1");
            move.flip().join();
            assertThat(rest(simple)).anyMatch(reply -> reply.startsWith("D") && reply.contains("new"));
            assertThat(rest(extended)).anyMatch(reply -> reply.startsWith("D") && reply.contains("new"));
            assertThat(rest(all)).anyMatch(reply -> reply.startsWith("D") && reply.contains("2"));
            assertThat(move.waiting()).isZero();
        }
    }

    @Test
    void whenTheMoveIsGivenUpTheyGoOnWhereTheRowsWere() throws Exception {
        try (RawClient client = client()) {
            move.pause().join();
            client.send(Query.of(select(moved)));
            untilWaiting(1);
            move.unpause().join();
            assertThat(rest(client)).anyMatch(reply -> reply.startsWith("D") && reply.contains("old"));
        }
    }

    @Test
    void aTransactionThatWasThereBeforeComesToItsEndAndIsWaitedFor() throws Exception {
        try (RawClient old = client();
                RawClient young = client()) {
            old.query("BEGIN");
            old.query("UPDATE kv SET value = 'older' WHERE key = '" + moved + "'");
            CompletableFuture<Boolean> settled = move.pause();
            assertThat(old.value(select(moved))).isEqualTo("older");
            assertThat(old.value("SELECT count(*) FROM kv")).isEqualTo("2");
            young.query("BEGIN");
            young.send(Query.of(select(moved)));
            untilWaiting(1);
            assertThat(settled).isNotDone();
            assertThat(old.answer("COMMIT")).contains("C COMMIT");
            settled.join();
            cluster.servers().execute(HandMove.TARGET, "UPDATE kv SET value = 'older' WHERE key = '" + moved + "'");
            move.flip().join();
            assertThat(rest(young)).anyMatch(reply -> reply.startsWith("D") && reply.contains("older"));
            assertThat(young.answer("COMMIT")).contains("C COMMIT");
        }
    }

    @Test
    void aTransactionElsewhereIsNotWaitedFor() throws Exception {
        try (RawClient client = client()) {
            client.query("BEGIN");
            client.query("UPDATE kv SET value = 'mine' WHERE key = '" + other + "'");
            move.pause().join();
            client.send(Query.of(select(moved)));
            untilWaiting(1);
            move.flip().join();
            assertThat(rest(client)).anyMatch(reply -> reply.startsWith("D") && reply.contains("new"));
            assertThat(client.answer("COMMIT")).contains("C COMMIT");
        }
    }

    private static boolean isRefused(List<String> replies) {
        return replies.stream().anyMatch(reply -> reply.startsWith("E ERROR 40001") && reply.contains("have moved"));
    }

    /** The target has taken its snapshot during the pause, when it did not have the last of what was written to the source. */
    @Test
    void aSnapshotOfTheTargetFromBeforeTheRowsWereItsOwnIsRefused() throws Exception {
        String there = cluster.keyOn(HandMove.TARGET, "there-");
        String prepared = "SELECT value FROM kv WHERE key = $1";
        try (RawClient simple = client();
                RawClient extended = client();
                RawClient executing = client();
                RawClient reading = client();
                RawClient committed = client()) {
            executing.query("PREPARE found (text) AS " + prepared);
            move.pause().join();
            for (RawClient client : List.of(simple, extended, executing, reading)) {
                client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
                assertThat(client.answer(select(there))).contains("C SELECT 0");
            }
            committed.query("BEGIN");
            assertThat(committed.answer(select(there))).contains("C SELECT 0");
            cluster.servers().execute(HandMove.TARGET, "UPDATE kv SET value = 'newest'");
            move.flip();
            assertThat(reading.answer(select(there))).contains("C SELECT 0");
            assertThat(isRefused(simple.answer(select(moved)))).isTrue();
            extended.send(parse(prepared), bind(moved), new Execute("", 0), new Sync());
            assertThat(isRefused(rest(extended))).isTrue();
            assertThat(isRefused(executing.answer("EXECUTE found ('" + moved + "')")))
                    .isTrue();
            assertThat(isRefused(reading.answer("UPDATE kv SET value = 'lost' WHERE key = '" + moved + "'")))
                    .isTrue();
            assertThat(reading.answer("COMMIT")).contains("C ROLLBACK");
            assertThat(committed.value(select(moved))).isEqualTo("newest");
            simple.query("ROLLBACK");
            simple.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
            assertThat(simple.value(select(moved))).isEqualTo("newest");
        }
    }

    @Test
    void aSnapshotOfAnotherShardIsNoHindrance() throws Exception {
        String stays = cluster.keyOn(0, "stays-");
        try (RawClient client = client()) {
            move.pause().join();
            client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
            assertThat(client.answer(select(stays))).contains("C SELECT 0");
            move.flip();
            assertThat(client.value(select(moved))).isEqualTo("new");
            assertThat(client.answer("COMMIT")).contains("C COMMIT");
        }
    }

    @Test
    void aTransactionOnSeveralShardsIsWaitedForToTheEndOfItsCommit() throws Exception {
        try (RawClient client = client()) {
            client.query("BEGIN");
            client.query("UPDATE kv SET value = 'mine'");
            CompletableFuture<Boolean> settled = move.pause();
            assertThat(client.value(select(moved))).isEqualTo("mine");
            assertThat(settled).isNotDone();
            client.query("ROLLBACK");
            settled.join();
        }
    }

    @Test
    void aPipelineThatWasBegunBeforeComesToItsEnd() throws Exception {
        try (RawClient client = client()) {
            client.send(parse("SELECT value FROM kv WHERE key = $1"), bind(moved), new Execute("", 0), new Flush());
            for (Reply reply = client.read(); !reply.text().startsWith("C "); ) {
                reply = client.read();
            }
            CompletableFuture<Boolean> settled = move.pause();
            client.send(bind(moved), new Execute("", 0), new Flush());
            String row = client.read().text();
            while (!row.startsWith("D")) {
                row = client.read().text();
            }
            assertThat(row).contains("old");
            assertThat(settled).isNotDone();
            client.send(new Sync());
            rest(client);
            settled.join();
        }
    }

    @Test
    void whoWaitsCanCancelAndGoAway() throws Exception {
        try (RawClient cancelling = client();
                RawClient within = client()) {
            move.pause().join();
            cancelling.send(Query.of(select(moved)));
            within.query("BEGIN");
            within.send(Query.of("UPDATE kv SET value = 'never' WHERE key = '" + moved + "'"));
            try (RawClient going = client()) {
                going.send(Query.of(select(moved)));
                untilWaiting(3);
            }
            untilWaiting(2);
            cancel(cancelling);
            assertThat(rest(cancelling)).anyMatch(reply -> reply.startsWith("E ERROR 57014"));
            cancel(within);
            assertThat(rest(within)).anyMatch(reply -> reply.startsWith("E ERROR 57014"));
            assertThat(within.answer("ROLLBACK")).contains("C ROLLBACK");
            assertThat(cancelling.value(select(other))).isEqualTo("other");
            move.flip().join();
            assertThat(cancelling.value(select(moved))).isEqualTo("new");
        }
    }

    private static void cancel(RawClient client) throws Exception {
        RawClient.cancel(cluster.port(), client.key());
    }

    @Test
    void theLineIsBounded() throws Exception {
        try (RawClient first = client();
                RawClient second = client();
                RawClient third = client();
                RawClient fourth = client()) {
            move.pause().join();
            first.send(Query.of(select(moved)));
            second.send(Query.of(select(moved)));
            third.send(Query.of(select(moved)));
            untilWaiting(QUEUE_LENGTH_MAX);
            assertThat(fourth.answer(select(moved))).anyMatch(reply -> reply.startsWith("E ERROR 53300"));
            move.flip().join();
            for (RawClient client : List.of(first, second, third)) {
                assertThat(rest(client)).anyMatch(reply -> reply.startsWith("D") && reply.contains("new"));
            }
        }
    }
}
