package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.frontend.Query;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements that need a shard that is down, or goes down under them, end with one error that names it; then all goes on. */
class SpreadShardDownIT {
    private static final int ROWS = 100;
    private static final int DOWN = 2;
    private static final int SHARDS = 3;

    private static Servers servers;
    private static Cluster cluster;
    private static EventRows rows;

    private boolean down;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(SHARDS);
        cluster = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .table("events", "id", "CREATE TABLE IF NOT EXISTS events (id bigint PRIMARY KEY, note text)"));
        rows = new EventRows(cluster);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        servers.close();
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(ROWS, "'old ' || id");
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertServesAgain(client);
        }
    }

    @AfterEach
    void upAgain() throws Exception {
        if (down) {
            startAgain();
        }
    }

    private void stopOne() throws Exception {
        servers.stop(DOWN);
        down = true;
    }

    private void startAgain() throws Exception {
        servers.start(DOWN);
        down = false;
    }

    @ParameterizedTest
    @CsvSource({
        "SCATTER, true", "SCATTER, false", "GATHER, true", "GATHER, false",
        "SPLIT, true", "SPLIT, false", "UPDATE, true", "UPDATE, false"
    })
    void aStatementThatNeedsAShardThatIsDown(SpreadDeed deed, boolean simple) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            stopOne();

            for (int i = 0; i < 2; i++) {
                deed.begin(client, simple);
                List<Reply> replies = client.readToReady();
                assertUnavailable(deed, replies);
                assertNamesShard(error(replies));
            }
            startAgain();

            assertServesAgain(client);
        }
        assertNothingHasHappened();
    }

    @ParameterizedTest
    @CsvSource({
        "SCATTER, true", "SCATTER, false", "GATHER, true", "GATHER, false",
        "SPLIT, true", "SPLIT, false", "UPDATE, true", "UPDATE, false"
    })
    void aStatementUnderWhichAShardGoesDown(SpreadDeed deed, boolean simple) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            try (Blockade blockade = new Blockade(servers, DOWN)) {
                blockade.outliveServer();
                deed.begin(client, simple);
                blockade.awaitBlocked(1);

                stopOne();

                assertUnavailable(deed, client.readToReady());
                startAgain();
            }
            assertServesAgain(client);
        }
        assertNothingHasHappened();
    }

    @Test
    void aLargeReadOfASlowClientUnderWhichAShardGoesDown() throws Exception {
        int count = 60_000;
        rows.fill(count, "repeat('x', 1000)");
        try (RawClient slow = RawClient.open(cluster.port(), 16_384)) {
            slow.send(RawClient.startup(Map.of()));
            slow.readToReady();
            slow.send(Query.of(SpreadDeed.SCATTER.sql()));
            slow.read();
            slow.read();

            stopOne();

            List<Reply> replies = slow.readToReady();
            assertUnavailable(SpreadDeed.SCATTER, replies);
            assertThat(replies)
                    .filteredOn(reply -> reply.is(BackendType.DATA_ROW))
                    .hasSizeLessThan(count);
            startAgain();
            rows.fill(ROWS, "'old ' || id");
            assertServesAgain(slow);
        }
        assertNothingHasHappened();
    }

    @Test
    void aTransactionOnSeveralShardsOfWhichOneGoesDown() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query(SpreadDeed.UPDATE.sql());

            stopOne();
            client.send(Query.of("SELECT count(*) FROM events"));
            assertThat(error(client.readToReady()).sqlState()).isEqualTo("08006");

            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
            startAgain();
            assertServesAgain(client);
        }
        assertNothingHasHappened();
    }

    /** No shard has committed before the first does: when that one is gone, the others roll back. */
    @Test
    void aTransactionWhoseCommitFindsAShardDown() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query(SpreadDeed.UPDATE.sql());
            stopOne();

            client.send(Query.of("COMMIT"));
            List<Reply> replies = client.readToReady();

            ErrorFields error = error(replies);
            assertThat(error.sqlState()).isIn("08006", "08007", "40003");
            assertThat(error.message() + error.detail()).contains("shard-" + DOWN);
            assertThat(replies).last().extracting(Reply::text).isEqualTo("Z IDLE");
            startAgain();
            assertServesAgain(client);
        }
        Idleness.comes(cluster);
    }

    private void assertNothingHasHappened() throws Exception {
        Idleness.comes(cluster);
        assertThat(rows.count("note = 'new'")).isZero();
        assertThat(rows.count("true")).isEqualTo(ROWS);
    }

    private static void assertServesAgain(RawClient client) {
        Eventually.succeeds(() -> assertServes(client));
    }

    private static void assertServes(RawClient client) throws IOException {
        assertThat(client.value("SELECT count(*) FROM events")).isEqualTo(Integer.toString(ROWS));
        assertThat(client.answer(SpreadDeed.GATHER.sql())).endsWith("C SELECT 1", "Z IDLE");
    }

    /** What is gathered is lost between two servers, and the first of them tells it in its own words. */
    private static void assertUnavailable(SpreadDeed deed, List<Reply> replies) {
        ErrorFields error = error(replies);
        assertThat(error.severity()).isEqualTo("ERROR");
        if (deed == SpreadDeed.GATHER) {
            assertThat(error.sqlState()).as(error.message()).startsWith("08");
        } else {
            assertNamesShard(error);
        }
        assertThat(replies).noneMatch(reply -> reply.is(BackendType.COMMAND_COMPLETE));
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z IDLE");
    }

    private static void assertNamesShard(ErrorFields error) {
        assertThat(error.sqlState()).as(error.message()).isEqualTo("08006");
        assertThat(error.message()).contains("\"shard-" + DOWN + "\"");
        assertThat(error.hint()).isNotBlank();
    }

    private static ErrorFields error(List<Reply> replies) {
        List<Reply> errors = replies.stream()
                .filter(reply -> reply.is(BackendType.ERROR_RESPONSE))
                .toList();
        assertThat(errors)
                .as("%s", replies.subList(Math.max(0, replies.size() - 5), replies.size()))
                .hasSize(1);
        return errors.get(0).error().fields();
    }
}
