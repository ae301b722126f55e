package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Execute with a row limit, of portals whose rows are on several shards: it stops there, and goes on where it stopped. */
@ExtendWith(SharedCluster.class)
class SpreadPortalsIT {
    private static final int ROWS = 1_000;
    private static final int[] NONE = {};
    private static final String SCATTER = "SELECT id, note FROM events ORDER BY id";
    private static final String GATHER = "SELECT a.id, row_number() OVER (ORDER BY a.id) FROM events a ORDER BY a.id";

    private final Cluster cluster;
    private final EventRows rows;

    SpreadPortalsIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(ROWS, "'note ' || id");
    }

    @ParameterizedTest
    @ValueSource(strings = {SCATTER, GATHER})
    void aPortalIsSuspendedAndResumedUntilItsEnd(String sql) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.send(parse("s", sql), bind("p", "s"), new Execute("p", 3), new Sync());
            assertThat(texts(client.readToReady()))
                    .startsWith("1 ", "2 ")
                    .endsWith("s ", "Z IN_TRANSACTION")
                    .hasSize(7);

            List<Long> ids = new ArrayList<>();
            client.send(new Execute("p", 400), new Execute("p", 0), new Sync());
            List<Reply> replies = client.readToReady();
            replies.stream()
                    .filter(reply -> reply.is(BackendType.DATA_ROW))
                    .forEach(row -> ids.add(Long.parseLong(row.value())));

            assertThat(ids).isEqualTo(LongStream.rangeClosed(4, ROWS).boxed().toList());
            assertThat(texts(replies)).contains("s ").endsWith("C SELECT " + (ROWS - 403), "Z IN_TRANSACTION");
            client.send(new Execute("p", 0), new Sync());
            client.readToReady();
            assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
        }
        Idleness.comes(cluster);
    }

    @Test
    void theRowLimitMayBeReachedWithTheLastRow() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.send(parse("", SCATTER), bind("", ""), new Execute("", ROWS), new Execute("", ROWS), new Sync());
            List<String> texts = texts(client.readToReady());
            assertThat(texts).endsWith("s ", "C SELECT 0", "Z IN_TRANSACTION").hasSize(ROWS + 5);
            client.query("COMMIT");
        }
        Idleness.comes(cluster);
    }

    @ParameterizedTest
    @ValueSource(strings = {SCATTER, GATHER})
    void aClosedPortalGivesItsConnectionsBackWithinTheTransaction(String sql) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.send(parse("", sql), bind("p", ""), new Execute("p", 3), new Sync());
            client.readToReady();
            client.send(new Close(Target.PORTAL, "p"), new Sync());
            assertThat(texts(client.readToReady())).containsExactly("3 ", "Z IN_TRANSACTION");
            Idleness.comes(cluster);
            client.send(new Execute("p", 3), new Sync());
            assertThat(client.readToReady()).first().extracting(Reply::sqlState).isEqualTo("34000");
            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
        }
    }

    /** Without BEGIN the Sync ends the transaction, and all portals with it. */
    @ParameterizedTest
    @ValueSource(strings = {SCATTER, GATHER})
    void aSyncOutsideOfATransactionEndsThePortal(String sql) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(parse("", sql), bind("p", ""), new Execute("p", 3), new Execute("p", 2), new Sync());
            assertThat(texts(client.readToReady())).endsWith("s ", "Z IDLE").hasSize(10);
            Idleness.comes(cluster);
            client.send(new Execute("p", 3), new Sync());
            assertThat(client.readToReady()).first().extracting(Reply::sqlState).isEqualTo("34000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "ROLLBACK"})
    void theEndOfTheTransactionEndsThePortal(String end) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String before :
                    List.of("SELECT 1", "SELECT note FROM events WHERE id = 7", "SELECT count(*) FROM events")) {
                client.query("BEGIN");
                client.query(before);
                client.send(parse("", SCATTER), bind("p", ""), new Execute("p", 3), new Sync());
                assertThat(texts(client.readToReady())).endsWith("s ", "Z IN_TRANSACTION");

                assertThat(client.answer(end)).containsExactly("C " + end, "Z IDLE");

                Idleness.comes(cluster);
                client.send(new Execute("p", 3), new Sync());
                assertThat(client.readToReady())
                        .first()
                        .extracting(Reply::sqlState)
                        .isEqualTo("34000");
            }
        }
    }

    /** After a simple COMMIT the names of portals are free again, whatever shard they were on. */
    @Test
    void thePortalOfAnEndedTransactionIsForgotten() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (long id = 1; id <= 20; id++) {
                client.query("BEGIN");
                client.send(
                        parse("", "SELECT note FROM events WHERE id = " + id),
                        bind("", ""),
                        new Execute("", 0),
                        new Sync());
                client.readToReady();
                client.query("COMMIT");
                client.send(
                        parse("", "UPDATE events SET note = 'x' WHERE id = " + 7 * id),
                        bind("", ""),
                        new Describe(Target.PORTAL, ""),
                        new Execute("", 0),
                        new Sync());
                assertThat(texts(client.readToReady())).endsWith("C UPDATE 1", "Z IDLE");
            }
        }
    }

    /** As drivers send batches: they want no rows of them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRowLimitDoesNotConcernAStatementWithoutRows(boolean inTransaction) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            if (inTransaction) {
                client.query("BEGIN");
            }
            for (String sql : List.of("UPDATE events SET note = 'new'", "DELETE FROM events WHERE note = 'new'")) {
                client.send(parse("", sql), bind("", ""), new Execute("", 1), new Sync());
                assertThat(texts(client.readToReady())).element(2).asString().endsWith(" " + ROWS);
            }
            client.send(
                    parse("", "INSERT INTO events VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e'), (6, 'f')"),
                    bind("", ""),
                    new Execute("", 1),
                    new Sync());
            assertThat(texts(client.readToReady())).contains("C INSERT 0 6");
        }
        Idleness.comes(cluster);
    }

    /** Two large results are read in turns, with statements for one shard and for all between them. */
    @Test
    void theDriverReadsSeveralResultsInTurns() throws Exception {
        try (Connection connection = cluster.connect("defaultRowFetchSize=50")) {
            connection.setAutoCommit(false);
            try (PreparedStatement all = connection.prepareStatement("SELECT id, note FROM events ORDER BY id");
                    PreparedStatement large =
                            connection.prepareStatement("SELECT id FROM events WHERE id > ? ORDER BY id DESC");
                    PreparedStatement one = connection.prepareStatement("SELECT note FROM events WHERE id = ?")) {
                large.setLong(1, 500);
                ResultSet ascending = all.executeQuery();
                ResultSet descending = large.executeQuery();
                for (long id = 1; id <= ROWS; id++) {
                    assertThat(ascending.next()).isTrue();
                    assertThat(ascending.getLong(1)).isEqualTo(id);
                    if (id <= 500) {
                        assertThat(descending.next()).isTrue();
                        assertThat(descending.getLong(1)).isEqualTo(ROWS + 1 - id);
                    }
                    if (id % 20 == 0) {
                        one.setLong(1, id);
                        ResultSet single = one.executeQuery();
                        assertThat(single.next()).isTrue();
                        assertThat(single.getString(1)).isEqualTo("note " + id);
                    }
                }
                assertThat(ascending.next()).isFalse();
                assertThat(descending.next()).isFalse();
            }
            connection.commit();
        }
        Idleness.comes(cluster);
    }

    private static List<String> texts(List<Reply> replies) {
        return replies.stream().map(Reply::text).toList();
    }

    private static FrontendMessage parse(String name, String sql) {
        return new Parse(name, sql.getBytes(StandardCharsets.UTF_8), NONE);
    }

    private static FrontendMessage bind(String portal, String statement) {
        return new Bind(portal, statement, NONE, new byte[0][], NONE);
    }
}
