package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long portals last, and what they are told, wherever their rows are: as with one PostgreSQL. */
@ExtendWith(SharedCluster.class)
class PortalProtocolIT {
    private static final int[] NONE = {};
    private static final String ALL = "SELECT key FROM kv ORDER BY key";
    private static final String ONE = "SELECT value FROM kv WHERE key = $1";
    private static final String INSERT = "INSERT INTO kv VALUES ($1, 'new')";

    private final Cluster cluster;
    private final List<String> keys;

    PortalProtocolIT(Cluster cluster) {
        this.cluster = cluster;
        this.keys = cluster.keyOnEach("portal").stream().sorted().toList();
    }

    @BeforeEach
    void fill() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                client.query("INSERT INTO kv VALUES ('" + key + "', 'old')");
            }
        }
    }

    private static Parse parse(String name, String sql) {
        return new Parse(name, sql.getBytes(StandardCharsets.UTF_8), NONE);
    }

    private static Bind bind(String portal, String statement, String... values) {
        byte[][] parameters = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            parameters[i] = values[i].getBytes(StandardCharsets.UTF_8);
        }
        return new Bind(portal, statement, NONE, parameters, NONE);
    }

    /** The answers to messages and a Sync; of rows the first column. */
    private static List<String> answers(RawClient client, FrontendMessage... messages) throws IOException {
        FrontendMessage[] all = Arrays.copyOf(messages, messages.length + 1);
        all[messages.length] = new Sync();
        client.send(all);
        return client.readToReady().stream().map(PortalProtocolIT::text).toList();
    }

    private static String text(Reply reply) {
        return reply.is(BackendType.DATA_ROW) ? "D " + reply.value() : reply.text();
    }

    /** The answers to messages up to a Flush, of which the last one has this type. */
    private static List<String> flushed(RawClient client, byte last, FrontendMessage... messages) throws IOException {
        client.send(messages);
        client.send(new Flush());
        List<String> answers = new ArrayList<>();
        Reply reply;
        do {
            reply = client.read();
            answers.add(text(reply));
        } while (!reply.is(last));
        return answers;
    }

    /** An Execute that goes on with a portal of several shards is no end of what was sent before it. */
    @Test
    void whatWasRunBetweenTwoPartsOfAPortalIsUndoneByALaterError() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            flushed(client, BackendType.PORTAL_SUSPENDED, parse("", ALL), bind("p", ""), new Execute("p", 1));
            flushed(
                    client,
                    BackendType.COMMAND_COMPLETE,
                    parse("", INSERT),
                    bind("", "", cluster.keyOn(1, "between")),
                    new Execute("", 0));
            assertThat(flushed(client, BackendType.PORTAL_SUSPENDED, new Execute("p", 1)))
                    .containsExactly("D " + keys.get(1), "s ");
            assertThat(answers(client, parse("", "SELECT 1 / 0"), bind("", ""), new Execute("", 0)))
                    .contains("E ERROR 22012 division by zero")
                    .endsWith("Z IDLE");
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("3");
        }
    }

    @Test
    void anEmptyQueryMayFollowOtherMessagesWithoutASync() throws IOException {
        int direct = cluster.servers().shards().get(1).port();
        for (String empty : List.of("", " ; ", "-- nothing")) {
            List<String> ofServer = emptyBehindOthers(direct, empty);
            assertThat(ofServer)
                    .startsWith("1 ", "2 ", "D old", "C SELECT 1", "I ")
                    .hasSize(6);
            assertThat(emptyBehindOthers(cluster.port(), empty)).isEqualTo(ofServer);
        }
    }

    private List<String> emptyBehindOthers(int port, String empty) throws IOException {
        String onShard1 = cluster.keyOn(1, "portal");
        try (RawClient client = RawClient.connect(port)) {
            client.send(parse("", ONE), bind("", "", onShard1), new Execute("", 0), Query.of(empty));
            List<String> answers = new ArrayList<>(
                    client.readToReady().stream().map(Reply::text).toList());
            answers.replaceAll(answer -> answer.startsWith("D ") ? "D old" : answer);
            return answers;
        }
    }

    /** The savepoint and the portals are asked for before any of it is answered. */
    @Test
    void aPartialRollbackEndsThePortalsBehindItsSavepointAndNoOthers() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            answers(
                    client,
                    parse("one", ONE),
                    bind("before", "one", keys.get(1)),
                    parse("", "SAVEPOINT a"),
                    bind("", ""),
                    new Execute("", 0),
                    bind("behind", "one", keys.get(1)));
            assertThat(answers(
                            client,
                            parse("", "ROLLBACK TO a"),
                            bind("", ""),
                            new Execute("", 0),
                            bind("behind", "one", keys.get(2)),
                            new Execute("behind", 0)))
                    .containsExactly("1 ", "2 ", "C ROLLBACK", "2 ", "D old", "C SELECT 1", "Z IN_TRANSACTION");
            assertThat(answers(client, new Execute("before", 0)))
                    .containsExactly("D old", "C SELECT 1", "Z IN_TRANSACTION");
            assertThat(answers(client, bind("before", "one", keys.get(2))))
                    .containsExactly("E ERROR 42P03 cursor \"before\" already exists", "Z FAILED");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSuspendedPortalOfSeveralShardsEndsWithItsSavepoint(boolean simple) throws IOException {
        FrontendMessage[] rollback = {parse("", "ROLLBACK TO a"), bind("", ""), new Execute("", 0)};
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String before : List.of("SELECT 1", "UPDATE kv SET value = 'new' WHERE key = '" + keys.get(1) + "'")) {
                client.query("BEGIN");
                client.query(before);
                answers(client, parse("all", ALL), bind("before", "all"), new Execute("before", 1));
                client.query("SAVEPOINT a");
                assertThat(answers(client, bind("behind", "all"), new Execute("behind", 1)))
                        .endsWith("s ", "Z IN_TRANSACTION");
                assertThat(simple ? client.answer("ROLLBACK TO a") : answers(client, rollback))
                        .endsWith("C ROLLBACK", "Z IN_TRANSACTION");
                assertThat(answers(client, new Execute("before", 1)))
                        .containsExactly("D " + keys.get(1), "s ", "Z IN_TRANSACTION");
                assertThat(answers(client, bind("behind", "all"), new Execute("behind", 1)))
                        .containsExactly("2 ", "D " + keys.get(0), "s ", "Z IN_TRANSACTION");
                client.query("ROLLBACK TO a");
                assertThat(answers(client, new Execute("behind", 1)))
                        .containsExactly("E ERROR 34000 portal \"behind\" does not exist", "Z FAILED");
                client.query("ROLLBACK");
                answers(client, new Close(Target.STATEMENT, "all"));
            }
        }
    }

    /** Its values were right: that is told before the error of running it. */
    @Test
    void aBindOfExplainIsAnsweredBeforeTheError() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(answers(
                            client,
                            parse("", "EXPLAIN ANALYZE SELECT 1 / (length(key) - length(key)) FROM kv"),
                            bind("", ""),
                            new Execute("", 0)))
                    .containsExactly("1 ", "2 ", "E ERROR 22012 division by zero", "Z IDLE");
        }
    }

    /** What is handed to the home shard first does not say that a Bind is right. */
    @Test
    void aBindWithTooManyFormatsIsAnsweredWithAnErrorAlone() throws IOException {
        String windowed = "SELECT key, rank() OVER (ORDER BY key) FROM kv";
        int[] tooMany = {0, 1, 0, 0};
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String before : List.of("SELECT 1", "DELETE FROM kv WHERE key = '" + keys.get(2) + "'")) {
                client.query("BEGIN");
                client.query(before);
                assertThat(answers(
                                client,
                                parse("", windowed),
                                new Bind("", "", NONE, new byte[0][], tooMany),
                                new Execute("", 0)))
                        .containsExactly(
                                "1 ",
                                "E ERROR 08P01 bind message has 4 result formats but query has 2 columns",
                                "Z FAILED");
                client.query("ROLLBACK");
            }
        }
    }

    /** Statements that the proxy may answer by itself end no portal that was bound before them. */
    @ParameterizedTest
    @ValueSource(strings = {"SET TRANSACTION READ ONLY", "SET work_mem = '5MB'", "BEGIN"})
    void aPortalOutlivesAStatementAboutTheSessionBehindIt(String statement) throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            flushed(client, BackendType.BIND_COMPLETE, parse("one", ONE), bind("p", "one", keys.get(1)));
            assertThat(answers(client, parse("", statement), bind("", ""), new Execute("", 0), new Execute("p", 0)))
                    .contains("C " + statement.replaceFirst(" .*", ""))
                    .containsSubsequence("D old", "C SELECT 1")
                    .noneMatch(answer -> answer.startsWith("E "));
        }
    }

    @Test
    void anErrorOfTheProxysOwnFailsTheTransactionWhicheverShardWasJustAsked() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            assertThat(answers(
                            client,
                            parse("one", ONE),
                            bind("p", "one", keys.get(1)),
                            parse("", "SELECT relname FROM pg_class"),
                            bind("", "nosuch")))
                    .endsWith("E ERROR 26000 prepared statement \"nosuch\" does not exist", "Z FAILED");
            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
        }
    }

    @Test
    void aChainedTransactionHasNoPortalsOfTheOneBefore() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String before : List.of("SELECT 1", "UPDATE kv SET value = 'new' WHERE key = '" + keys.get(1) + "'")) {
                client.query("BEGIN");
                client.query(before);
                answers(client, parse("", ALL), bind("p", ""), new Execute("p", 1));
                client.query("ROLLBACK AND CHAIN");
                assertThat(answers(client, new Describe(Target.PORTAL, "p")))
                        .containsExactly("E ERROR 34000 portal \"p\" does not exist", "Z FAILED");
                client.query("ROLLBACK");
            }
        }
    }

    /** A ROLLBACK without BEGIN undoes what was done since the last Sync, a COMMIT keeps it. */
    @Test
    void settingsAreKeptOrUndoneByTheEndOfThePipelineThatFollowsThem() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(parse("five", "SET work_mem = '5MB'"), parse("six", "SET work_mem = '6MB'"));
            client.send(parse("commit", "COMMIT"), parse("rollback", "ROLLBACK"));
            FrontendMessage[] five = {bind("", "five"), new Execute("", 0)};
            FrontendMessage[] six = {bind("", "six"), new Execute("", 0)};
            FrontendMessage[] commit = {bind("", "commit"), new Execute("", 0)};
            FrontendMessage[] rollback = {bind("", "rollback"), new Execute("", 0)};
            assertThat(afterwards(client, five, rollback)).isEqualTo("4MB");
            assertThat(afterwards(client, five, commit, six, rollback)).isEqualTo("5MB");
            assertThat(afterwards(client, five, rollback, six)).isEqualTo("6MB");
        }
    }

    private static String afterwards(RawClient client, FrontendMessage[]... parts) throws IOException {
        answers(client, Arrays.stream(parts).flatMap(Arrays::stream).toArray(FrontendMessage[]::new));
        return client.value("SHOW work_mem");
    }

    /** It gives one row, so a limit of one stops before its end. */
    @Test
    void setConfigObeysARowLimit() throws IOException {
        String set = "SELECT set_config('work_mem', '6MB', false)";
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(answers(client, parse("", set), bind("", ""), new Execute("", 1), new Execute("", 1)))
                    .containsExactly("1 ", "2 ", "D 6MB", "s ", "C SELECT 0", "Z IDLE");
            assertThat(client.value("SHOW work_mem")).isEqualTo("6MB");
            assertThat(answers(client, parse("", set), bind("", ""), new Execute("", 2), new Execute("", 0)))
                    .containsExactly("1 ", "2 ", "D 6MB", "C SELECT 1", "C SELECT 0", "Z IDLE");
        }
    }

    @Test
    void setConfigLeavesTheUnnamedPortalAlone() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            assertThat(answers(
                            client,
                            parse("", "SELECT generate_series(1, 4)"),
                            bind("", ""),
                            new Execute("", 2),
                            parse("set", "SELECT set_config('work_mem', '6MB', false)"),
                            bind("p", "set"),
                            new Execute("p", 0),
                            new Execute("", 0)))
                    .containsExactly(
                            "1 ",
                            "2 ",
                            "D 1",
                            "D 2",
                            "s ",
                            "1 ",
                            "2 ",
                            "D 6MB",
                            "C SELECT 1",
                            "D 3",
                            "D 4",
                            "C SELECT 2",
                            "Z IN_TRANSACTION");
        }
    }
}
