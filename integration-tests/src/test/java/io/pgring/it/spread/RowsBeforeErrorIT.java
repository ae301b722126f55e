package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that a shard has sent before its error reach the client before the error, as from one server, whatever other shards do meanwhile. */
@ExtendWith(SharedCluster.class)
class RowsBeforeErrorIT {
    private static final int[] NONE = {};
    /** Two rows, and an error in place of the third; all come from one row of one shard. */
    private static final String FAILING =
            "SELECT 6 / (3 - i) FROM events, generate_series(1, 5) i WHERE note = 'note 7'";

    /** Each shard sends several times as much as is kept of its rows, before it can know that they are not wanted. */
    private static final String LARGE = "SELECT repeat('x', 400000) FROM events ORDER BY id LIMIT 3";

    private static final int ROUNDS = 20;

    private final Cluster cluster;
    private final EventRows rows;

    RowsBeforeErrorIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(20, "'note ' || id");
    }

    /** A shard that has not even described its columns yet is not waited for. */
    @Test
    void theyComeAlsoWhenAnotherShardHasSaidNothingYet() throws Exception {
        int other = (cluster.shardOf(7) + 1) % cluster.shardCount();
        try (RawClient client = RawClient.connect(cluster.port());
                Blockade blockade = new Blockade(cluster.servers(), other)) {
            assertThat(texts(client.query(FAILING)))
                    .containsExactly(
                            "T ?column?:23:0", "D ......3", "D ......6", "E ERROR 22012 division by zero", "Z IDLE");
            blockade.awaitNobody();
        }
    }

    /** The error is the answer to the Execute that comes to it; the rows before it are those of one server. */
    @Test
    void aRowLimitStopsBeforeTheError() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.send(
                    new Parse("", FAILING.getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("p", "", NONE, new byte[0][], NONE),
                    new Execute("p", 2),
                    new Sync());
            assertThat(texts(client.readToReady()))
                    .containsExactly("1 ", "2 ", "D ......3", "D ......6", "s ", "Z IN_TRANSACTION");
            assertThat(client.answer("SELECT 1")).endsWith("C SELECT 1", "Z IN_TRANSACTION");
            client.send(new Execute("p", 2), new Sync());
            assertThat(texts(client.readToReady())).containsExactly("E ERROR 22012 division by zero", "Z FAILED");
            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
        }
    }

    /** Two shards have failed behind rows of theirs: that one's error is told whose rows are over first, in whichever order they failed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void severalShardsFailBehindTheirRows(boolean firstShardFailsFirst) throws Exception {
        int later = firstShardFailsFirst ? cluster.shardCount() - 1 : 0;
        long early = ids(cluster.shardCount() - 1 - later).skip(2).findFirst().orElseThrow();
        long late = ids(later).filter(id -> id > early).skip(2).findFirst().orElseThrow();
        String sql =
                "SELECT id / (CASE WHEN id IN (" + early + ", " + late + ") THEN 0 ELSE 1 END) FROM events ORDER BY id";
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("SET enable_seqscan = off");
            client.query("SET enable_sort = off");
            for (int round = 0; round < ROUNDS; round++) {
                List<String> texts = texts(client.query(sql));
                assertThat(texts)
                        .startsWith("T ?column?:20:0", "D ......1", "D ......2")
                        .endsWith("E ERROR 22012 division by zero", "Z IDLE")
                        .hasSizeLessThanOrEqualTo((int) early + 2);
            }
        }
        Idleness.comes(cluster);
    }

    private LongStream ids(int shard) {
        return LongStream.rangeClosed(1, 20).filter(id -> cluster.shardOf(id) == shard);
    }

    /** The statement's own LIMIT and that of Execute are reached together: what shards have sent beyond it holds nobody up. */
    @Test
    void rowsThatNobodyWantsAreNotHeld() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                client.query("BEGIN");
                client.query("UPDATE events SET note = 'other' WHERE id = 9");
                client.send(
                        new Parse("", LARGE.getBytes(StandardCharsets.UTF_8), NONE),
                        new Bind("p", "", NONE, new byte[0][], NONE),
                        new Execute("p", 3),
                        new Execute("p", 3),
                        new Sync());
                List<String> tail = texts(client.readToReady());
                assertThat(tail)
                        .endsWith("s ", "C SELECT 0", "Z IN_TRANSACTION")
                        .hasSize(8);
                client.query("ROLLBACK");
            }
        }
        Idleness.comes(cluster);
    }

    /** That there is nothing behind the last row that was asked for is found out by the next Execute, in a transaction that has written too. */
    @Test
    void aLimitThatIsReachedWithTheLastRowSuspendsThePortal() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String before : List.of("SELECT 1", "UPDATE events SET note = 'other' WHERE id = 9")) {
                client.query("BEGIN");
                client.query(before);
                client.send(
                        new Parse(
                                "",
                                "SELECT id FROM events WHERE id < 4 ORDER BY id".getBytes(StandardCharsets.UTF_8),
                                NONE),
                        new Bind("p", "", NONE, new byte[0][], NONE),
                        new Execute("p", 2),
                        new Execute("p", 1),
                        new Execute("p", 1),
                        new Sync());
                assertThat(texts(client.readToReady()))
                        .containsExactly(
                                "1 ",
                                "2 ",
                                "D ......1",
                                "D ......2",
                                "s ",
                                "D ......3",
                                "s ",
                                "C SELECT 0",
                                "Z IN_TRANSACTION");
                assertThat(client.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
            }
        }
        Idleness.comes(cluster);
    }

    /** What is written with RETURNING is committed at the Sync, though rows of the answer were never asked for. */
    @Test
    void aSuspendedPortalThatHasWrittenIsCommitted() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(
                    new Parse(
                            "", "UPDATE events SET note = 'new' RETURNING note".getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("", "", NONE, new byte[0][], NONE),
                    new Execute("", 2),
                    new Sync());
            assertThat(texts(client.readToReady()))
                    .containsExactly("1 ", "2 ", "D ......new", "D ......new", "s ", "Z IDLE");
            assertThat(rows.count("note = 'new'")).isEqualTo(20);
        }
        Idleness.comes(cluster);
    }

    private static List<String> texts(List<Reply> replies) {
        return replies.stream()
                .map(Reply::text)
                .map(text -> text.replaceAll("^D .*?(\\w+)$", "D ......$1"))
                .toList();
    }
}
