package io.pgring.it.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.hashring.TokenRange;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.topology.KeyType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Queries in the manner of TPC-H: orders and their lines are sharded by the order, customers by the customer, the small dimensions are
 * reference tables. Each answer is that of a single server, which has all rows in a schema of its own.
 */
@ExtendWith(SharedServers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StarQueriesIT {
    private static final int SINGLE = 0;
    private static final String DROP = "DROP TABLE IF EXISTS region, nation, supplier, customer, orders, lineitem";

    private final Servers servers;
    private final Cluster cluster;

    StarQueriesIT(Servers servers) throws Exception {
        this.servers = servers;
        this.cluster = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .everywhere(DROP)
                .everywhere(resource("tables.sql"))
                .reference("region", "")
                .reference("nation", "")
                .reference("supplier", "")
                .table("customer", "c_custkey", "")
                .table("orders", "o_orderkey", "")
                .table("lineitem", "l_orderkey", ""));
        servers.execute(
                SINGLE,
                "DROP SCHEMA IF EXISTS single CASCADE; CREATE SCHEMA single; SET search_path = single;"
                        + resource("tables.sql") + resource("rows.sql"));
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            servers.execute(
                    shard,
                    resource("rows.sql")
                            + deleteOthers("customer", "c_custkey", shard)
                            + deleteOthers("orders", "o_orderkey", shard)
                            + deleteOthers("lineitem", "l_orderkey", shard)
                            + "ANALYZE;");
        }
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
        servers.execute(SINGLE, "DROP SCHEMA single CASCADE");
        servers.executeEverywhere(DROP);
    }

    private String deleteOthers(String table, String key, int shard) {
        return "DELETE FROM " + table + " WHERE NOT " + KeyType.INTEGER.tokenSql(key) + " <@ '"
                + TokenRange.toMultirange(cluster.arcsOf(shard)) + "'::int8multirange;";
    }

    static Stream<String> queries() {
        return Stream.of(resource("queries.sql").split(";\n"))
                .map(String::strip)
                .filter(query -> !query.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("queries")
    void theAnswerIsThatOfASingleServer(String query) throws Exception {
        try (Connection sharded = cluster.connect();
                Connection single = servers.connect(SINGLE)) {
            Sql.execute(single, "SET search_path = single");
            List<String> expected = rows(single, query);
            assertThat(expected).as("the query finds something").isNotEmpty();
            assertThat(rows(sharded, query)).isEqualTo(expected);
            sharded.setAutoCommit(false);
            assertThat(rows(sharded, query)).as("in a transaction").isEqualTo(expected);
        }
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (var statement = connection.prepareStatement(query);
                ResultSet found = statement.executeQuery()) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                StringBuilder row = new StringBuilder();
                for (int column = 1; column <= columns; column++) {
                    row.append(found.getMetaData().getColumnLabel(column)).append('=');
                    row.append(found.getString(column)).append(' ');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private static String resource(String name) {
        try (InputStream file = Objects.requireNonNull(StarQueriesIT.class.getResourceAsStream("/star/" + name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
