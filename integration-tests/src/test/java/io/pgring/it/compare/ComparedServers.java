package io.pgring.it.compare;

import io.pgring.hashring.TokenRange;
import io.pgring.it.compare.ComparedTable.Kind;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.FirstServers;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.app.StartupException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three servers with the proxy in front of them, and one that stands alone: the same tables, the same rows. Behind the backs of both it
 * loads the rows, and looks whether they are still the same, each where the ring says.
 */
final class ComparedServers implements AutoCloseable {
    private static final int SHARDS = 3;
    private static final int REFERENCE = SHARDS;
    private static final String KEYS = "o'k|k\"|back\\slash|NULL||1|10";

    /** The proxy says that it is alive every moment, on the home shard: that is not what may have been written. */
    private static final String COUNT_BEATS = """
            CREATE TABLE pgring.beats (n bigint);
            INSERT INTO pgring.beats VALUES (0);
            CREATE FUNCTION pgring.count_beat() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN UPDATE pgring.beats SET n = n + 1; RETURN NULL; END';
            CREATE TRIGGER count_beat AFTER INSERT ON pgring.proxies
                FOR EACH STATEMENT EXECUTE FUNCTION pgring.count_beat()
            """;

    private final Servers servers;
    private final Cluster cluster;
    private final RawClient reference;
    private final List<Connection> connections = new ArrayList<>();
    private List<String> loaded = List.of();

    /**
     * One row of a table.
     *
     * @param token token of its key; null unless the table is sharded
     */
    private record Row(String table, String line, @Nullable Long token) {}

    private ComparedServers(Servers servers, Cluster cluster) throws IOException {
        this.servers = servers;
        this.cluster = cluster;
        this.reference = RawClient.connect(servers.shards().get(REFERENCE).port());
    }

    /** Starts all of them, and loads the rows. */
    static ComparedServers start() throws Exception {
        Servers servers = Servers.running(SHARDS + 1);
        // As if made through the proxy: what is not sharded, views and functions too, is on the home shard alone.
        for (int server = 0; server <= REFERENCE; server++) {
            int here = server;
            servers.execute(
                    server,
                    ComparedTable.ALL.stream()
                            .filter(table -> here == REFERENCE || table.isOn(here))
                            .map(ComparedTable::create)
                            .collect(Collectors.joining()));
        }
        servers.execute(0, Resources.read("home.setup.sql"));
        servers.execute(REFERENCE, Resources.read("home.setup.sql"));
        Cluster cluster = Cluster.start(plan -> {
            plan.on(new FirstServers(servers, SHARDS));
            ComparedTable.ALL.stream()
                    .filter(table -> table.keyColumn() != null && !table.name().equals("kv"))
                    .forEach(table -> plan.table(table.name(), Objects.requireNonNull(table.keyColumn()), ""));
            ComparedTable.ALL.stream()
                    .filter(table -> table.kind() == ComparedTable.Kind.REFERENCE)
                    .forEach(table -> plan.reference(table.name(), ""));
        });
        servers.execute(0, COUNT_BEATS);
        ComparedServers compared = new ComparedServers(servers, cluster);
        for (int server = 0; server <= REFERENCE; server++) {
            compared.connections.add(servers.connect(server));
        }
        compared.reset();
        return compared;
    }

    /** A session on each side. */
    Comparison connect() throws IOException {
        return new Comparison(cluster.port(), reference);
    }

    /** Whether anything may have been written since the rows were loaded: every transaction that writes takes a number. */
    boolean isTouched() throws SQLException {
        return !loaded.equals(counters());
    }

    /** Brings the rows of the beginning back, on the servers where something was written. */
    void reset() throws SQLException {
        List<String> counters = counters();
        for (int server = 0; server <= REFERENCE; server++) {
            if (loaded.isEmpty() || !loaded.get(server).equals(counters.get(server))) {
                load(server);
            }
        }
        loaded = counters();
    }

    private void load(int server) throws SQLException {
        StringBuilder sql = new StringBuilder();
        for (ComparedTable table : ComparedTable.ALL) {
            if (!table.create().isEmpty() && (server == REFERENCE || table.isOn(server))) {
                sql.append("TRUNCATE ").append(table.name()).append(" CASCADE;\n");
            }
        }
        if (server == 0 || server == REFERENCE) {
            sql.append(Resources.read("home.reset.sql"));
        }
        sql.append(Resources.read("rows.sql"));
        Sql.execute(connections.get(server), inserts(server, sql.toString()));
    }

    /** The rows that a server has to have, of all that are in the file. */
    private String inserts(int server, String sql) throws SQLException {
        StringBuilder all = new StringBuilder("SET client_min_messages = error;\n");
        for (String line : sql.split("\n", -1)) {
            ComparedTable table = ComparedTable.ALL.stream()
                    .filter(one -> line.startsWith("INSERT INTO " + one.name() + " "))
                    .findFirst()
                    .orElse(null);
            if (table == null || server == REFERENCE || table.isOn(server)) {
                all.append(line).append('\n');
            }
        }
        all.append("INSERT INTO kv SELECT key, 'v' || regexp_replace(key, '\\D', '', 'g') FROM (SELECT 'k' || n AS key")
                .append(" FROM generate_series(0, 11) AS n UNION ALL SELECT * FROM string_to_table('")
                .append(KEYS.replace("'", "''"))
                .append("', '|')) AS keys;\n");
        if (server != REFERENCE) {
            all.append(deletesOfOthers(server));
        }
        return all.toString();
    }

    private String deletesOfOthers(int shard) {
        String arcs = arcs(shard);
        return ComparedTable.ALL.stream()
                .filter(table -> table.kind() == Kind.SHARDED)
                .map(table -> "DELETE FROM " + table.name() + " WHERE NOT "
                        + Objects.requireNonNull(table.keyType()).tokenSql(Objects.requireNonNull(table.keyColumn()))
                        + " <@ '" + arcs + "'::int8multirange;\n")
                .collect(Collectors.joining());
    }

    private String arcs(int shard) {
        return TokenRange.toMultirange(cluster.ring().arcsOf(member(shard)));
    }

    private int member(int shard) {
        String name = cluster.configuration().shards().get(shard).name();
        return IntStream.range(0, cluster.ring().members().size())
                .filter(member -> cluster.ring().members().get(member).name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What differs between the rows behind the proxy and those of the single server; empty when nothing does. */
    String difference() throws SQLException {
        List<String> differences = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (Row row : rows(REFERENCE)) {
            for (int shard = 0; shard < SHARDS; shard++) {
                if (belongs(row, shard)) {
                    counts.merge(place(shard, row), -1, Integer::sum);
                }
            }
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            for (Row row : rows(shard)) {
                counts.merge(place(shard, row), 1, Integer::sum);
            }
        }
        counts.forEach((row, count) -> {
            if (count != 0) {
                differences.add(row + (count < 0 ? " is missing" : " should not be there"));
            }
        });
        return String.join("\n", differences);
    }

    private static String place(int shard, Row row) {
        return row.table() + " on shard " + shard + ": " + row.line();
    }

    private boolean belongs(Row row, int shard) {
        Long token = row.token();
        if (token != null) {
            return cluster.shardOfToken((int) (long) token) == shard;
        }
        return ComparedTable.ALL.stream().anyMatch(table -> table.name().equals(row.table()) && table.isOn(shard));
    }

    private List<String> counters() throws SQLException {
        List<String> counters = new ArrayList<>();
        for (int server = 0; server <= REFERENCE; server++) {
            boolean hasSequence = server == 0 || server == REFERENCE;
            counters.add(Sql.value(
                    connections.get(server),
                    "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
                            + (server == 0 ? " - (SELECT n FROM pgring.beats)" : "")
                            + (hasSequence ? " || ' ' || (SELECT d::text FROM numbers_drawn AS d)" : "")));
        }
        return counters;
    }

    private List<Row> rows(int server) throws SQLException {
        String sql = ComparedTable.ALL.stream()
                .filter(table -> server == REFERENCE || table.isOn(server))
                .map(ComparedTable::rowsSql)
                .collect(Collectors.joining(" UNION ALL "));
        List<Row> found = new ArrayList<>();
        try (Statement statement = connections.get(server).createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(new Row(rows.getString(1), rows.getString(2), (Long) rows.getObject(3)));
            }
        }
        return found;
    }

    /** What differs between the definitions of tables, views and functions; empty when nothing does. */
    String differenceOfDefinitions() throws SQLException {
        List<String> differences = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            String condition = shard == 0 ? "true" : onEveryShard();
            List<@Nullable String> expected = definitions(REFERENCE, condition);
            List<@Nullable String> found = definitions(shard, condition);
            int here = shard;
            expected.stream()
                    .filter(one -> !found.contains(one))
                    .forEach(one -> differences.add("shard " + here + " lacks: " + one));
            found.stream()
                    .filter(one -> !expected.contains(one))
                    .forEach(one -> differences.add("shard " + here + " has: " + one));
        }
        return String.join("\n", differences);
    }

    private List<@Nullable String> definitions(int server, String condition) throws SQLException {
        return Sql.column(
                connections.get(server), Resources.read("definitions-query.sql").replace(":condition", condition));
    }

    private static String onEveryShard() {
        return ComparedTable.ALL.stream()
                .filter(table -> table.isOn(1))
                .map(table -> "'" + table.name() + "'")
                .collect(Collectors.joining(", ", "relation IN (", ")"));
    }

    @Override
    public void close() throws IOException, SQLException, StartupException {
        reference.close();
        for (Connection connection : connections) {
            connection.close();
        }
        cluster.close();
        servers.close();
    }
}
