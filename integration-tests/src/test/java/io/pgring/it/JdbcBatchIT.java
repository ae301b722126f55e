package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of PostgreSQL JDBC: one shard takes them whole, several shards in one transaction. */
@ExtendWith(SharedCluster.class)
class JdbcBatchIT {
    private static final String INSERT = "INSERT INTO kv (key, value) VALUES (?, ?)";
    private static final String PLAIN = "prepareThreshold=5";
    private static final String REWRITTEN = "reWriteBatchedInserts=true";

    private final Cluster cluster;

    JdbcBatchIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, "prepareThreshold=1", "preferQueryMode=extendedCacheEverything"})
    void oneShardTakesABatchWholeAndReturnsCounts(String mode) throws SQLException {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            List<String> keys = cluster.keysOn(shard, "batch").limit(50).toList();
            try (Connection connection = cluster.connect(mode)) {
                assertThat(insert(connection, keys)).hasSize(50).containsOnly(1);
            }
            assertThat(cluster.servers().value(shard, "SELECT count(*) FROM kv"))
                    .isEqualTo("50");
        }
    }

    @Test
    void rewrittenBatchesWorkOnOneShard() throws SQLException {
        List<String> keys = cluster.keysOn(1, "rewritten").limit(128 + 8).toList();
        try (Connection connection = cluster.connect(REWRITTEN)) {
            assertThat(insert(connection, keys)).hasSize(128 + 8).containsOnly(Statement.SUCCESS_NO_INFO);
        }
        assertThat(cluster.servers().value(1, "SELECT count(*) FROM kv")).isEqualTo("136");
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, "prepareThreshold=1", REWRITTEN})
    void aBatchOverAllShardsIsOneTransaction(String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode)) {
            List<String> keys = new ArrayList<>();
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                keys.addAll(cluster.keysOn(shard, "mixed").limit(20).toList());
            }
            Collections.shuffle(keys, new Random(4711));
            List<String> twice = new ArrayList<>(keys);
            twice.add(keys.get(0));
            assertThat(SqlStates.of(() -> insert(connection, twice))).isEqualTo("23505");
            assertThat(storedRows()).isZero();
            assertThat(insert(connection, keys)).hasSize(60);
            assertThat(storedRows()).isEqualTo(60);
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("60");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, REWRITTEN})
    void inATransactionABatchMayGoToAllShards(String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode)) {
            connection.setAutoCommit(false);
            List<String> keys = new ArrayList<>();
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                keys.addAll(cluster.keysOn(shard, "transaction").limit(20).toList());
            }
            Collections.shuffle(keys, new Random(4711));
            assertThat(insert(connection, keys)).hasSize(60);
            connection.rollback();
            assertThat(storedRows()).isZero();
            assertThat(insert(connection, keys)).hasSize(60);
            connection.commit();
            assertThat(storedRows()).isEqualTo(60);
        }
    }

    @Test
    void anErrorInTheMiddleTakesBackTheWholeBatch() throws SQLException {
        List<String> keys =
                new ArrayList<>(cluster.keysOn(2, "double").limit(10).toList());
        keys.add(5, keys.get(0));
        try (Connection connection = cluster.connect()) {
            BatchUpdateException failed =
                    catchThrowableOfType(BatchUpdateException.class, () -> insert(connection, keys));

            assertThat(failed.getSQLState()).isEqualTo("23505");
            assertThat(failed.getUpdateCounts()).hasSize(11).containsOnly(Statement.EXECUTE_FAILED);
            assertThat(storedRows()).isZero();
            assertThat(Sql.value(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void generatedKeysComeBack() throws SQLException {
        List<String> keys = cluster.keysOn(0, "returned").limit(20).toList();
        try (Connection connection = cluster.connect();
                PreparedStatement statement = connection.prepareStatement(INSERT, new String[] {"key", "value"})) {
            for (String key : keys) {
                statement.setString(1, key);
                statement.setString(2, "of " + key);
                statement.addBatch();
            }
            assertThat(statement.executeBatch()).containsOnly(1);
            List<String> returned = new ArrayList<>();
            try (ResultSet rows = statement.getGeneratedKeys()) {
                while (rows.next()) {
                    returned.add(rows.getString("key"));
                    assertThat(rows.getString("value")).isEqualTo("of " + rows.getString("key"));
                }
            }
            assertThat(returned).isEqualTo(keys);
        }
    }

    @Test
    void aBatchOfDifferentStatementsRunsOnOneShard() throws SQLException {
        String key = cluster.keyOn(1, "different");
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.addBatch("INSERT INTO kv VALUES ('" + key + "', 'a')");
            statement.addBatch("UPDATE kv SET value = 'b' WHERE key = '" + key + "'");
            statement.addBatch("DELETE FROM kv WHERE key = '" + key + "'");
            statement.addBatch("DELETE FROM kv WHERE key = '" + key + "'");
            assertThat(statement.executeBatch()).containsExactly(1, 1, 1, 0);
        }
    }

    private static int[] insert(Connection connection, List<String> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (String key : keys) {
                statement.setString(1, key);
                statement.setString(2, "of " + key);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }

    private int storedRows() throws SQLException {
        int rows = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            rows += Integer.parseInt(cluster.servers().value(shard, "SELECT count(*) FROM kv"));
        }
        return rows;
    }
}
