package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** EXPLAIN tells the route, and SHOW what the proxy knows. */
@ExtendWith(SharedCluster.class)
class ExplainIT {
    private final Cluster cluster;
    private final Connection connection;

    ExplainIT(Cluster cluster) throws SQLException {
        this.cluster = cluster;
        this.connection = cluster.connect();
    }

    @BeforeEach
    void noRows() throws SQLException {
        cluster.truncate();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void aStatementOnOneShard() throws SQLException {
        String key = cluster.keyOn(1, "k");
        List<@Nullable String> plan = lines("EXPLAIN (COSTS OFF) SELECT * FROM kv WHERE key = '" + key + "'");
        assertThat(plan.get(0)).isEqualTo("PgRing: shard \"shard-1\" (one shard, by the key)");
        assertThat(plan.get(1)).contains("Scan");
    }

    @Test
    void theShardOfAParameter() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("EXPLAIN ANALYZE SELECT * FROM kv WHERE key = ?")) {
            statement.setString(1, cluster.keyOn(2, "k"));
            List<String> plan = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.add(rows.getString(1));
                }
            }
            assertThat(plan.get(0)).startsWith("PgRing: shard \"shard-2\"");
            assertThat(plan.get(1)).contains("actual time");
        }
    }

    @Test
    void aStatementOnAllShards() throws SQLException {
        assertThat(lines("EXPLAIN (COSTS OFF) SELECT key FROM kv\n ORDER BY key LIMIT 3"))
                .startsWith(
                        "PgRing: 3 shards, rows merged in the order of ORDER BY",
                        "  each runs: SELECT key FROM kv ORDER BY key LIMIT 3",
                        "shard \"shard-0\":")
                .contains("shard \"shard-1\":", "shard \"shard-2\":")
                .filteredOn(line -> line != null && line.startsWith("  Limit"))
                .hasSize(3);
    }

    @Test
    void aGatheredStatement() throws SQLException {
        assertThat(lines("EXPLAIN (COSTS OFF) SELECT key, rank() OVER (ORDER BY value) FROM kv"))
                .first()
                .asString()
                .startsWith("PgRing: gathered on the home shard \"shard-0\", because the WHERE clause does not fix");
    }

    @Test
    void analyzeWritesOnAllShards() throws SQLException {
        for (String key : cluster.keyOnEach("k")) {
            Sql.execute(connection, "INSERT INTO kv VALUES ('" + key + "', 'old')");
        }
        assertThat(lines("EXPLAIN ANALYZE UPDATE kv SET value = 'new'"))
                .first()
                .isEqualTo("PgRing: 3 shards, numbers of rows added up");
        assertThat(Sql.column(connection, "SELECT DISTINCT value FROM kv")).containsExactly("new");
    }

    @Test
    void withoutAnalyzeNothingIsWritten() throws SQLException {
        List<String> keys = cluster.keyOnEach("k");
        assertThat(lines("EXPLAIN INSERT INTO kv VALUES ('" + keys.get(0) + "', 'a'), ('" + keys.get(1) + "', 'b')"))
                .startsWith("PgRing: 2 shards, each with its own of the new rows")
                .contains("  \"shard-1\" runs: INSERT INTO kv VALUES ('" + keys.get(1) + "', 'b')");
        assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("0");
    }

    @Test
    void otherFormatsAreLeftAloneAndStayOneDocument() throws SQLException {
        assertThat(Sql.value(connection, "EXPLAIN (FORMAT JSON) SELECT * FROM kv WHERE key = 'a'"))
                .startsWith("[");
        assertThatThrownBy(() -> Sql.value(connection, "EXPLAIN (FORMAT JSON) SELECT * FROM kv"))
                .hasMessageContaining("can be shown as text only");
    }

    @Test
    void plansOfTheHomeShardAreLeftAlone() throws SQLException {
        assertThat(Sql.value(connection, "EXPLAIN SELECT * FROM pg_class")).doesNotContain("PgRing");
    }

    @Test
    void theProxyShowsWhatItKnows() throws SQLException {
        assertThat(Sql.column(connection, "SHOW pgring.shards")).containsExactly("shard-0", "shard-1", "shard-2");
        assertThat(Sql.value(connection, "SHOW pgring.version")).isNotEmpty();
    }

    /** Plans are forgotten when tables change, as those of another test may just have. */
    @Test
    void theProxyShowsItsPlansWithoutValues() {
        Eventually.succeeds(() -> {
            Sql.execute(connection, "SELECT * FROM kv WHERE key = 'secret' AND value = 'x'");
            assertThat(Sql.column(connection, "SHOW pgring.plans"))
                    .contains("select * from kv where key = ? and value = ?")
                    .noneMatch(text -> text != null && text.contains("secret"));
        });
    }

    private List<@Nullable String> lines(String sql) throws SQLException {
        return Sql.column(connection, sql);
    }
}
