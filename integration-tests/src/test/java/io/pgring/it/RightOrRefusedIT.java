package io.pgring.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.Comparison.Outcome;
import io.pgring.it.Comparison.Verdict;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.FirstServers;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first promise: a statement gives what one PostgreSQL that holds all rows would give, or an error that refuses it. Each case of
 * {@code right-or-refused.sql} runs through the proxy and on a single server, by both protocols; then all rows must be equal too, and
 * each where it belongs.
 */
class RightOrRefusedIT {
    private static final int SHARDS = 3;
    private static final int REFERENCE = 3;
    private static final int HOME = 0;
    private static final String KV = "CREATE TABLE kv (key text PRIMARY KEY, value text);";
    private static final String ROWS = """
            SELECT 'notes ' || n || ' ' || coalesce(note, '?') || ' ' || coalesce(kv_key, '?') FROM notes
            UNION ALL SELECT 'side.kv ' || s::text FROM side.kv AS s
            UNION ALL SELECT 'triggering ' || t::text FROM triggering AS t
            UNION ALL SELECT 'ruled ' || r::text FROM ruled AS r
            UNION ALL SELECT 'defaulting ' || d::text FROM defaulting AS d
            ORDER BY 1
            """;

    private static final Map<Verdict, Integer> COUNTS = new EnumMap<>(Verdict.class);
    private static final List<Connection> CONNECTIONS = new ArrayList<>();
    private static @Nullable Servers servers;
    private static @Nullable Cluster cluster;

    /** What one session is asked, line by line. */
    record Case(List<String> queries) {
        @Override
        public String toString() {
            return String.join(" | ", queries);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        Servers four = Servers.running(SHARDS + 1);
        servers = four;
        String setup = resource("right-or-refused.setup.sql");
        // As if made through the proxy: tables, views and functions are on the home shard alone.
        four.execute(HOME, KV + setup);
        four.execute(REFERENCE, KV + setup);
        cluster = Cluster.start(plan -> plan.on(new FirstServers(four, SHARDS)));
        for (int i = 0; i <= SHARDS; i++) {
            CONNECTIONS.add(four.connect(i));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (Connection connection : CONNECTIONS) {
            connection.close();
        }
        CONNECTIONS.clear();
        if (cluster != null) {
            cluster.close();
        }
        if (servers != null) {
            servers.close();
        }
        System.out.println("right or refused: " + COUNTS);
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        List<String> block = new ArrayList<>();
        boolean sessions = false;
        for (String line : (resource("right-or-refused.sql") + "\n\n").split("\n", -1)) {
            if (line.startsWith("#") || line.isBlank()) {
                if (!block.isEmpty()) {
                    cases.add(new Case(List.copyOf(block)));
                    block.clear();
                }
                sessions = line.startsWith("# ===") || (sessions && !line.startsWith("#"));
            } else if (sessions) {
                block.add(line);
            } else {
                cases.add(new Case(List.of(line)));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bySimpleQueries(Case session) throws Exception {
        check(session, false);
    }

    static Stream<Case> singleStatements() {
        return cases().filter(one ->
                one.queries().size() == 1 && !one.queries().get(0).contains(";"));
    }

    @ParameterizedTest
    @MethodSource("singleStatements")
    void byTheExtendedProtocol(Case session) throws Exception {
        check(session, true);
    }

    @Test
    void thereAreEnoughCases() {
        assertThat(cases()).hasSizeGreaterThan(400);
    }

    private static void check(Case session, boolean extended) throws Exception {
        reset();
        Cluster proxied = Objects.requireNonNull(cluster);
        int referencePort =
                Objects.requireNonNull(servers).shards().get(REFERENCE).port();
        try (Comparison comparison = new Comparison(proxied.port(), referencePort)) {
            for (String line : session.queries()) {
                boolean certain = line.startsWith("= ");
                String sql = (certain ? line.substring(2) : line).replace('\u23ce', '\n');
                Outcome outcome = extended ? comparison.extended(sql) : comparison.simple(sql);
                COUNTS.merge(outcome.verdict(), 1, Integer::sum);
                assertThat(outcome.verdict())
                        .as(outcome.toString())
                        .isIn(certain ? List.of(Verdict.SAME) : List.of(Verdict.SAME, Verdict.REFUSED));
            }
        }
        compareRows(proxied);
    }

    private static void compareRows(Cluster proxied) throws SQLException {
        List<String> found = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            for (String row : rows(shard, "SELECT key || '=' || coalesce(value, '?') FROM kv")) {
                found.add(row);
                assertThat(proxied.shardOf(row.substring(0, row.indexOf('='))))
                        .as(row)
                        .isEqualTo(shard);
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        rows(REFERENCE, "SELECT key || '=' || coalesce(value, '?') FROM kv"));
        assertThat(rows(HOME, ROWS)).isEqualTo(rows(REFERENCE, ROWS));
    }

    private static List<String> rows(int server, String sql) throws SQLException {
        return Sql.column(CONNECTIONS.get(server), sql).stream()
                .map(Objects::requireNonNull)
                .toList();
    }

    private static void reset() throws SQLException {
        List<String> keys = new ArrayList<>(List.of("o'k", "k\"", "back\\slash", "NULL", "", "1", "10"));
        IntStream.range(0, 12).forEach(i -> keys.add("k" + i));
        String reset = resource("right-or-refused.reset.sql");
        for (int server = 0; server <= REFERENCE; server++) {
            int here = server;
            String rows = keys.stream()
                    .filter(key ->
                            here == REFERENCE || Objects.requireNonNull(cluster).shardOf(key) == here)
                    .map(key -> "('" + key.replace("'", "''") + "', 'v" + key.replaceAll("\\D", "") + "')")
                    .collect(Collectors.joining(", "));
            String all = "DELETE FROM kv; INSERT INTO kv VALUES " + rows + ";";
            Sql.execute(CONNECTIONS.get(server), server == HOME || server == REFERENCE ? all + reset : all);
        }
    }

    private static String resource(String name) {
        try (InputStream in = RightOrRefusedIT.class.getResourceAsStream("/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
