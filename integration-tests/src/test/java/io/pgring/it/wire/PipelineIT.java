package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages in an order that proxies are known to stumble over, each with the answer that PostgreSQL gives. */
@ExtendWith(SharedCluster.class)
class PipelineIT {
    private static final int[] NONE = {};
    private static final String READ = "SELECT value FROM kv WHERE key = $1";

    private final Cluster cluster;

    PipelineIT(Cluster cluster) {
        this.cluster = cluster;
    }

    private List<String> answers(RawClient client, FrontendMessage... messages) throws IOException {
        client.send(messages);
        return client.readToReady().stream().map(Reply::text).toList();
    }

    private static Parse parse(String name, String sql) {
        return new Parse(name, sql.getBytes(StandardCharsets.UTF_8), NONE);
    }

    private static Bind bind(String name, String... values) {
        byte[][] parameters = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            parameters[i] = values[i].getBytes(StandardCharsets.UTF_8);
        }
        return new Bind("", name, NONE, parameters, NONE);
    }

    /** The proxy's own CloseComplete must not come in the middle of a message that arrives in several reads. */
    @Test
    void nothingComesBetweenTheParts() throws IOException {
        int columns = 1_600;
        String wide = "SELECT "
                + IntStream.range(0, columns)
                        .mapToObj(i -> i + " AS column" + i)
                        .collect(Collectors.joining(","));
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (int round = 0; round < 20; round++) {
                client.send(
                        parse("w", wide),
                        new Describe(Target.STATEMENT, "w"),
                        new Close(Target.STATEMENT, "w"),
                        new Sync());
                List<Reply> replies = client.readToReady();
                assertThat(replies.stream().map(reply -> (char) reply.type())).containsExactly('1', 't', 'T', '3', 'Z');
                assertThat(((RowDescription) replies.get(2).decode()).fields()).hasSize(columns);
            }
        }
    }

    @Test
    void answersOfTheProxyKeepTheirPlace() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(answers(client, parse("a", READ), new Close(Target.STATEMENT, "nosuch"), new Sync()))
                    .containsExactly("1 ", "3 ", "Z IDLE");
            assertThat(answers(client, parse("b", READ), parse("", "BEGIN"), bind(""), new Execute("", 0), new Sync()))
                    .containsExactly("1 ", "1 ", "2 ", "C BEGIN", "Z IN_TRANSACTION");
            assertThat(client.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
        }
    }

    /** Of two Binds up to a Sync the proxy makes a transaction; what comes behind the Sync is none of it. */
    @Test
    void aTransactionBehindAPipelineIsItsOwn() throws IOException {
        String key = cluster.keyOn(1, "behind");
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(
                    parse("", READ), bind("", key), new Execute("", 0), bind("", key), new Execute("", 0), new Sync());
            client.readToReady();
            assertThat(client.answer("BEGIN;INSERT INTO kv VALUES ('" + key + "', 'x')"))
                    .containsExactly("C BEGIN", "C INSERT 0 1", "Z IN_TRANSACTION");
            assertThat(answers(client, new Sync())).containsExactly("Z IN_TRANSACTION");
            assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(client.answer("SELECT value FROM kv WHERE key = '" + key + "'"))
                    .contains("C SELECT 0");
        }
    }

    /** What comes behind an error does not happen, whoever would have done it. */
    @Test
    void anErrorUndoesWhatWasAnsweredInAdvance() throws IOException {
        String key = cluster.keyOn(1, "pipeline");
        String fails = "SELECT value::integer FROM kv WHERE key = $1";
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            answers(client, parse("old", READ), parse("known", READ), bind("known", key), new Sync());
            answers(client, new Close(Target.STATEMENT, "known"), new Sync());
            assertThat(answers(
                            client,
                            parse("", fails),
                            bind("", key),
                            new Execute("", 0),
                            parse("known", READ),
                            parse("begin", "BEGIN"),
                            new Close(Target.STATEMENT, "old"),
                            new Sync()))
                    .hasSize(4)
                    .last()
                    .isEqualTo("Z IDLE");
            assertThat(answers(client, parse("known", READ), parse("begin", "BEGIN"), new Sync()))
                    .containsExactly("1 ", "1 ", "Z IDLE");
            assertThat(answers(client, bind("old", key), new Execute("", 0), new Sync()))
                    .containsExactly("2 ", "D ......x", "C SELECT 1", "Z IDLE");
        }
    }

    /** A BEGIN that the proxy has answered, but whose server failed before it came to it. */
    @Test
    void aTransactionThatNoServerHasBegunHasFailed() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            assertThat(answers(
                            client, parse("s", "SELECT nosuch FROM kv WHERE key = $1"), new Execute("", 0), new Sync()))
                    .hasSize(2)
                    .last()
                    .isEqualTo("Z FAILED");
            assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
        }
    }

    /** So long that it is read in parts. */
    @Test
    void aMalformedLongBindFailsAlone() throws IOException {
        byte[] bind = RawClient.bytes(bind("", "x".repeat(200_000)));
        bind[14] = 0x7f;
        for (int port : List.of(cluster.servers().shards().get(0).port(), cluster.port())) {
            try (RawClient client = RawClient.connect(port)) {
                client.send(parse("", READ), new Sync());
                client.readToReady();
                client.sendBytes(bind, 100_000);
                client.send(new Execute("", 0), new Sync());
                assertThat(client.readToReady())
                        .extracting(Reply::text)
                        .containsExactly("E ERROR 08P01 insufficient data left in message", "Z IDLE");
                assertThat(client.value("SELECT 1")).isEqualTo("1");
            }
        }
    }

    /** A setting is tried when a server has it; the statement that it precedes does not run then. */
    @Test
    void aWrongSettingInATransactionFailsItAtTheNextStatement() throws IOException {
        String key = cluster.keyOn(2, "setting");
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("SET LOCAL work_mem = 'many'");
            client.send(Query.of("INSERT INTO kv VALUES ('" + key + "', 'x')"));
            List<Reply> replies = client.readToReady();
            assertThat(replies)
                    .filteredOn(reply -> reply.is(BackendType.ERROR_RESPONSE))
                    .singleElement()
                    .extracting(Reply::sqlState)
                    .isEqualTo("22023");
            assertThat(replies).last().extracting(Reply::text).isEqualTo("Z FAILED");
            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(client.answer("SELECT value FROM kv WHERE key = '" + key + "'"))
                    .contains("C SELECT 0");
        }
    }

    @Test
    void aClientIsToldTheSettingsOfTheServerThatItGetsAfterWaiting() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : cluster.keyOnEach("told")) {
                client.query("SET application_name = 'told'");
                client.query("RESET application_name");
                client.query("SELECT value FROM kv WHERE key = '" + key + "'");
                assertThat(client.parameters()).containsEntry("application_name", "");
            }
        }
    }

    /** The proxy makes a client's settings with a simple Query, which takes the place of the unnamed statement. */
    @Test
    void theUnnamedStatementSurvivesTheSettingsOfOthers() throws Exception {
        String key = cluster.keyOn(0, "unnamed");
        try (Cluster narrow = onlyOneConnection();
                RawClient one = RawClient.connect(narrow.port());
                RawClient other = RawClient.connect(narrow.port(), Map.of("work_mem", "5MB"))) {
            answers(one, parse("", READ), bind("", key), new Execute("", 0), new Sync());
            answers(other, parse("named", READ), bind("named", key), new Execute("", 0), new Sync());
            assertThat(answers(one, bind("", key), new Execute("", 0), new Sync()))
                    .containsExactly("2 ", "C SELECT 0", "Z IDLE");
        }
    }

    @Test
    void afterAnErrorInATransactionNothingElseIsSaidOfOtherShards() throws IOException {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("SELECT 1 / (length(value) - length(value)), nosuch FROM kv WHERE key = '"
                    + cluster.keyOn(0, "x") + "'");
            List<Reply> replies = client.query("SELECT value FROM kv WHERE key = '" + cluster.keyOn(1, "x") + "'");
            assertThat(replies.get(0).sqlState()).isEqualTo("25P02");
            assertThat(replies).last().extracting(Reply::text).isEqualTo("Z FAILED");
        }
    }

    private Cluster onlyOneConnection() throws Exception {
        return Cluster.start(plan -> plan.beside(cluster)
                .threads(1)
                .pool(new PoolConfiguration(1, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200)));
    }
}
