package io.pgring.it.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.pgsql.analysis.FunctionNumbers;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.FunctionCall;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** FunctionCall names a function by its number: it must not be one that finds the rows of one shard. */
class FunctionCallIT {
    private static final int REVERSE = 3062;
    private static final int SET_CONFIG = 2078;
    private static final int QUERY_TO_XML = 2924;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(plan -> {});
        cluster.servers().execute(0, """
                        CREATE FUNCTION keys(text) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM kv WHERE value = $1';
                        CREATE FUNCTION twice(text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $1'
                        """);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.servers().execute(0, "DROP FUNCTION keys(text); DROP FUNCTION twice(text)");
        cluster.close();
    }

    private static List<String> call(RawClient client, int oid, String... arguments) throws IOException {
        byte[][] values = Arrays.stream(arguments)
                .map(argument -> argument.getBytes(UTF_8))
                .toArray(byte[][]::new);
        client.send(new FunctionCall(oid, new int[0], values, 0));
        return client.readToReady().stream().map(Reply::text).toList();
    }

    private static int oid(String function) throws Exception {
        return Integer.parseInt(cluster.servers().value(0, "SELECT '" + function + "'::regprocedure::oid::int"));
    }

    @Test
    void aFunctionOfAUserIsRefused() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String function : List.of("keys(text)", "twice(text)")) {
                assertThat(call(client, oid(function), "x"))
                        .first()
                        .asString()
                        .contains("0A000", "function call message", "sharded table");
            }
            assertThat(client.value("SELECT twice('x')")).isEqualTo("xx");
        }
    }

    @Test
    void oneThatRunsSqlOrChangesTheSessionIsRefused() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(call(client, QUERY_TO_XML, "SELECT * FROM kv", "t", "t", ""))
                    .anyMatch(line -> line.contains("0A000"));
            assertThat(call(client, SET_CONFIG, "search_path", "nowhere", "f"))
                    .anyMatch(line -> line.contains("0A000"));
            assertThat(client.value("SHOW search_path")).isEqualTo("\"$user\", public");
        }
    }

    @Test
    void oneOfPostgresIsCalled() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(new FunctionCall(REVERSE, new int[0], new byte[][] {"ABC".getBytes(UTF_8)}, 0));
            assertThat(client.readToReady())
                    .anyMatch(reply -> reply.is(BackendType.FUNCTION_CALL_RESPONSE)
                            && new String(reply.body(), UTF_8).endsWith("CBA"));
            assertThat(call(client, 9_999)).anyMatch(line -> line.contains("42883"));
        }
    }

    @Test
    void aRefusalFailsTheTransaction() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            assertThat(call(client, oid("keys(text)"), "x")).last().isEqualTo("Z FAILED");
            assertThat(call(client, oid("keys(text)"), "x")).anyMatch(line -> line.contains("25P02"));
            assertThat(call(client, REVERSE, "X")).anyMatch(line -> line.contains("25P02"));
            assertThat(client.answer("ROLLBACK")).containsExactly("C ROLLBACK", "Z IDLE");
        }
    }

    /** Of whatever version the server is. */
    @Test
    void theNumbersAreThoseOfTheServer() throws Exception {
        String numbers = "SELECT string_agg(oid::text, ',') FROM pg_proc WHERE oid < 10000 AND ";
        String sql = "proname ~ '^(query|table|schema|database|cursor)_to_xml' OR proname IN ('ts_stat', 'ts_rewrite')";
        String session =
                "proname ~ '^pg_(try_)?advisory_(un)?lock' OR proname IN ('set_config', 'currval', 'lastval', 'setseed',"
                        + " 'pg_my_temp_schema', 'pg_listening_channels', 'pg_replication_origin_session_setup',"
                        + " 'pg_replication_origin_session_reset')";
        assertThat(numbers(numbers + "(" + sql + ")")).noneMatch(FunctionNumbers::readsNoTable);
        assertThat(numbers(numbers + "(" + session + ")")).isNotEmpty().allMatch(FunctionNumbers::usesSession);
        assertThat(numbers(numbers + "NOT (" + sql + " OR " + session + ")"))
                .allMatch(FunctionNumbers::readsNoTable)
                .noneMatch(FunctionNumbers::usesSession);
    }

    private static List<Integer> numbers(String query) throws Exception {
        return Arrays.stream(cluster.servers().value(0, query).split(","))
                .map(Integer::valueOf)
                .toList();
    }
}
