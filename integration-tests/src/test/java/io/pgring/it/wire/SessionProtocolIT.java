package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements about the transaction and the session are answered as PostgreSQL does, message by message. */
@ExtendWith(SharedCluster.class)
class SessionProtocolIT {
    private static final int[] NONE = {};

    private final Cluster cluster;

    SessionProtocolIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private static List<FrontendMessage> run(String sql, int times) {
        List<FrontendMessage> messages = new ArrayList<>();
        messages.add(new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE));
        messages.add(new Bind("", "", NONE, new byte[0][], NONE));
        for (int i = 0; i < times; i++) {
            messages.add(new Execute("", 0));
        }
        return messages;
    }

    private static String text(Reply reply) {
        return reply.is(BackendType.PARAMETER_STATUS) ? reply.decode().toString() : reply.text();
    }

    /** The answers to simple queries, then to messages up to a Sync, then to a ROLLBACK, and which parameters have been told. */
    private static List<String> answers(int port, List<String> before, List<FrontendMessage> messages)
            throws IOException {
        try (RawClient client = RawClient.connect(port, Map.of("application_name", "session"))) {
            List<String> answers = new ArrayList<>();
            for (String statement : before) {
                client.query(statement).forEach(reply -> answers.add(text(reply)));
            }
            List<FrontendMessage> all = new ArrayList<>(messages);
            all.add(new Sync());
            client.send(all.toArray(FrontendMessage[]::new));
            client.readToReady().forEach(reply -> answers.add(text(reply)));
            client.query("ROLLBACK").forEach(reply -> answers.add(text(reply)));
            client.query("SHOW application_name").forEach(reply -> answers.add(text(reply)));
            return answers;
        }
    }

    private void assertAlike(List<String> before, List<FrontendMessage> messages) throws IOException {
        int alone = cluster.servers().shards().get(0).port();
        assertThat(answers(cluster.port(), before, messages))
                .as("%s %s", before, messages)
                .isEqualTo(answers(alone, before, messages));
    }

    private String update(int shard) {
        return "UPDATE kv SET value = 'x' WHERE key = '" + cluster.keyOn(shard, "session") + "'";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "ROLLBACK",
                "COMMIT AND CHAIN",
                "BEGIN",
                "SAVEPOINT a",
                "RELEASE a",
                "ROLLBACK TO a",
                "SET work_mem = '5MB'",
                "SET LOCAL work_mem = '5MB'",
                "RESET ALL"
            })
    void aPortalThatIsExecutedTwice(String sql) throws IOException {
        assertAlike(List.of(), run(sql, 2));
        assertAlike(List.of("BEGIN", "SAVEPOINT a"), run(sql, 2));
        assertAlike(List.of("BEGIN", update(1), "SAVEPOINT a"), run(sql, 2));
        assertAlike(List.of("BEGIN", update(1), update(2), "SAVEPOINT a"), run(sql, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY",
                "START TRANSACTION READ ONLY, DEFERRABLE",
                "BEGIN ISOLATION LEVEL READ COMMITTED",
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
            })
    void modesOfATransactionThatHasBegun(String modes) throws IOException {
        List<String> shows = List.of("SHOW transaction_isolation", "SHOW transaction_read_only", "COMMIT");
        for (List<String> before : List.<List<String>>of(
                List.of(),
                List.of("BEGIN"),
                List.of("BEGIN READ ONLY"),
                List.of("BEGIN", "SAVEPOINT a"),
                List.of("BEGIN", "SELECT 1"),
                List.of("BEGIN", update(1)),
                List.of("BEGIN", update(1), update(2), "SELEC"))) {
            List<String> extended = new ArrayList<>(before);
            assertAlike(extended, run(modes, 1));
            extended.add(modes);
            extended.addAll(shows);
            assertAlike(extended, List.of());
        }
    }

    @Test
    void modesOfATransactionOnSeveralShards() throws IOException {
        List<String> spread = List.of("BEGIN", update(1), update(2), "BEGIN READ ONLY");
        assertAlike(spread, run("SHOW transaction_read_only", 1));
        assertAlike(spread, run(update(0), 1));
    }

    /** Another transaction begins with the modes of the one before, wherever that was; after a failure with the defaults. */
    @Test
    void aChainKeepsTheModes() throws IOException {
        for (String end : List.of("COMMIT AND CHAIN", "ROLLBACK AND CHAIN")) {
            for (List<String> before : List.<List<String>>of(
                    List.of("BEGIN ISOLATION LEVEL SERIALIZABLE"),
                    List.of("BEGIN", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
                    List.of("BEGIN", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", update(1)),
                    List.of("BEGIN", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", update(1), update(2)),
                    List.of("BEGIN ISOLATION LEVEL SERIALIZABLE", update(1), update(2), "SET work_mem = '5MB'"),
                    List.of("BEGIN ISOLATION LEVEL SERIALIZABLE", update(1), update(2), "SELEC"))) {
                List<String> all = new ArrayList<>(before);
                all.addAll(List.of(end, "SHOW transaction_isolation", "SHOW work_mem", update(0), update(1), "COMMIT"));
                assertAlike(all, List.of());
            }
        }
    }

    /** A query over all shards runs aside of the transaction, but settles its isolation level all the same. */
    @Test
    void theIsolationLevelIsSettledByAQueryAside() throws IOException {
        for (String sql : List.of("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET TRANSACTION READ ONLY")) {
            assertAlike(
                    List.of("BEGIN", "SELECT count(*) FROM kv WHERE key LIKE 'nosuch%'", sql, "ROLLBACK"), List.of());
        }
    }

    @Test
    void settingsOfATransactionOnSeveralShardsAreReportedAtOnce() throws IOException {
        String set = "SET application_name = 'other'";
        List<String> spread = List.of("BEGIN", update(1), update(2));
        for (String end : List.of("COMMIT", "ROLLBACK", "ROLLBACK TO a", "RESET ALL")) {
            for (List<String> statements :
                    List.of(List.of("SAVEPOINT a", set), List.of("SAVEPOINT a", set, update(0), update(1)))) {
                List<String> all = new ArrayList<>(spread);
                all.addAll(statements);
                assertAlike(all, run(end, 1));
                all.add(end);
                assertAlike(all, run("SELECT 1", 1));
            }
        }
        assertAlike(spread, run(set, 1));
    }

    @Test
    void settingsAndTheirReports() throws IOException {
        FrontendMessage error = new Describe(Target.PORTAL, "nosuch");
        for (String sql : List.of("RESET application_name", "RESET ALL", "SET application_name = 'another'")) {
            List<FrontendMessage> fails = new ArrayList<>(run(sql, 1));
            fails.add(error);
            for (List<String> before : List.<List<String>>of(
                    List.of(),
                    List.of("SET application_name = 'other'"),
                    List.of("SET application_name = 'other'", "SET TimeZone = 'CET'"),
                    List.of("BEGIN", update(2), "SET application_name = 'other'"),
                    List.of("SET application_name = 'other'", "BEGIN", update(1)))) {
                assertAlike(before, run(sql, 1));
                assertAlike(before, fails);
                List<String> simple = new ArrayList<>(before);
                simple.add(sql);
                assertAlike(simple, List.of());
            }
        }
        assertAlike(Arrays.asList("SET application_name = 'other'", "DISCARD ALL"), List.of());
        assertAlike(Arrays.asList("SET application_name = 'other'"), run("DISCARD ALL", 1));
        assertAlike(Arrays.asList("SET TimeZone = 'CET'", "RESET ALL; SELECT 1 / 0"), List.of());
    }
}
