package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of PostgreSQL JDBC: whole on one shard, refused as soon as they touch a second one. */
@ExtendWith(SharedCluster.class)
class JdbcTransactionIT {
    private static final String INSERT = "INSERT INTO kv VALUES (?, ?)";
    private static final String SELECT = "SELECT value FROM kv WHERE key = ?";
    private static final String SIMPLE = "preferQueryMode=simple";
    private static final String EXTENDED = "prepareThreshold=1";

    private final Cluster cluster;

    JdbcTransactionIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void commitKeepsAndRollbackForgets(String mode) throws SQLException {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            List<String> keys = cluster.keysOn(shard, "commit").limit(2).toList();
            try (Connection connection = cluster.connect(mode);
                    Connection other = cluster.connect(mode)) {
                connection.setAutoCommit(false);
                Sql.update(connection, INSERT, keys.get(0), "kept");
                assertThat(Sql.column(other, SELECT, keys.get(0))).isEmpty();
                connection.commit();
                assertThat(Sql.column(other, SELECT, keys.get(0))).containsExactly("kept");

                Sql.update(connection, INSERT, keys.get(1), "forgotten");
                assertThat(Sql.column(connection, SELECT, keys.get(1))).containsExactly("forgotten");
                connection.rollback();
                assertThat(Sql.column(connection, SELECT, keys.get(1))).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED, "autosave=always"})
    void savepoints(String mode) throws SQLException {
        List<String> keys = cluster.keysOn(1, "savepoint").limit(3).toList();
        try (Connection connection = cluster.connect(mode)) {
            connection.setAutoCommit(false);
            Savepoint early = connection.setSavepoint();
            Sql.update(connection, INSERT, keys.get(0), "a");
            Savepoint middle = connection.setSavepoint("Middle one");
            Sql.update(connection, INSERT, keys.get(1), "b");
            assertThat(SqlStates.of(() -> Sql.update(connection, INSERT, keys.get(1), "again")))
                    .isEqualTo("23505");
            connection.rollback(middle);
            Sql.update(connection, INSERT, keys.get(2), "c");
            connection.releaseSavepoint(early);
            connection.commit();

            assertThat(Sql.column(connection, SELECT, keys.get(0))).containsExactly("a");
            assertThat(Sql.column(connection, SELECT, keys.get(1))).isEmpty();
            assertThat(Sql.column(connection, SELECT, keys.get(2))).containsExactly("c");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void aTransactionOverAllShardsIsCommittedOrRolledBackWhole(String mode) throws SQLException {
        List<String> keys = cluster.keyOnEach("cross");
        try (Connection connection = cluster.connect(mode)) {
            connection.setAutoCommit(false);
            for (String key : keys) {
                Sql.update(connection, INSERT, key, "a");
            }
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("3");
            connection.rollback();
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("0");
            connection.commit();
            for (String key : keys) {
                Sql.update(connection, INSERT, key, "b");
            }
            connection.commit();
            for (String key : keys) {
                assertThat(Sql.column(connection, SELECT, key)).containsExactly("b");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void anErrorOnOneShardFailsTheTransactionOnAll(String mode) throws SQLException {
        List<String> keys = cluster.keyOnEach("failing");
        try (Connection connection = cluster.connect(mode)) {
            connection.setAutoCommit(false);
            Sql.update(connection, INSERT, keys.get(0), "a");
            Sql.update(connection, INSERT, keys.get(1), "b");
            Savepoint both = connection.setSavepoint();
            assertThat(SqlStates.of(() -> Sql.update(connection, INSERT, keys.get(1), "again")))
                    .isEqualTo("23505");
            assertThat(SqlStates.of(() -> Sql.update(connection, INSERT, keys.get(2), "c")))
                    .isEqualTo("25P02");
            connection.rollback(both);
            Sql.update(connection, INSERT, keys.get(2), "c");
            connection.commit();
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("3");
            Sql.update(connection, "DELETE FROM kv WHERE key = ?", keys.get(2));
            assertThat(SqlStates.of(() -> Sql.update(connection, INSERT, keys.get(0), "again")))
                    .isEqualTo("23505");
            // As PostgreSQL: a COMMIT of a failed transaction is answered by the tag ROLLBACK, which this driver takes
            // silently.
            connection.commit();
            assertThat(Sql.value(connection, "SELECT count(*) FROM kv")).isEqualTo("3");
        }
    }

    @Test
    void rowsAreFetchedInPortions() throws SQLException {
        String key = cluster.keyOn(2, "fetch");
        String sql = "SELECT n, value FROM kv, generate_series(1, 1000) AS n WHERE kv.key = ? ORDER BY n";
        try (Connection connection = cluster.connect(EXTENDED)) {
            Sql.update(connection, INSERT, key, "row");
            connection.setAutoCommit(false);
            for (int size : new int[] {1, 7, 333, 999, 1000, 1001}) {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setFetchSize(size);
                    statement.setString(1, key);
                    assertThat(numbers(statement)).isEqualTo(1000);
                }
            }
            connection.commit();
        }
    }

    @Test
    void twoPortalsAreOpenAtOnce() throws SQLException {
        String key = cluster.keyOn(1, "portals");
        try (Connection connection = cluster.connect(EXTENDED)) {
            Sql.update(connection, INSERT, key, "row");
            connection.setAutoCommit(false);
            String sql = "SELECT n FROM kv, generate_series(1, 100) AS n WHERE kv.key = ? ORDER BY n";
            try (PreparedStatement one = connection.prepareStatement(sql);
                    PreparedStatement two = connection.prepareStatement(sql)) {
                one.setFetchSize(9);
                two.setFetchSize(11);
                one.setString(1, key);
                two.setString(1, key);
                try (ResultSet left = one.executeQuery();
                        ResultSet right = two.executeQuery()) {
                    for (int n = 1; n <= 100; n++) {
                        assertThat(left.next() && right.next()).isTrue();
                        assertThat(left.getInt(1)).isEqualTo(n).isEqualTo(right.getInt(1));
                    }
                    assertThat(left.next() || right.next()).isFalse();
                }
            }
            connection.rollback();
        }
    }

    @Test
    void readOnlyTransactionsDoNotWrite() throws SQLException {
        String key = cluster.keyOn(1, "readonly");
        try (Connection connection = cluster.connect()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            assertThat(Sql.column(connection, SELECT, key)).isEmpty();
            assertThat(SqlStates.of(() -> Sql.update(connection, INSERT, key, "x")))
                    .isEqualTo("25006");
            connection.rollback();
            connection.setReadOnly(false);
            Sql.update(connection, INSERT, key, "x");
            connection.commit();
            assertThat(Sql.column(connection, SELECT, key)).containsExactly("x");
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void isolationLevelsReachTheShard(int level) throws SQLException {
        String key = cluster.keyOn(2, "isolation");
        String expected = switch (level) {
            case Connection.TRANSACTION_SERIALIZABLE -> "serializable";
            case Connection.TRANSACTION_REPEATABLE_READ -> "repeatable read";
            default -> "read committed";
        };
        try (Connection connection = cluster.connect();
                Connection other = cluster.connect()) {
            Sql.update(connection, INSERT, key, "before");
            connection.setTransactionIsolation(level);
            connection.setAutoCommit(false);
            String isolation = "SELECT current_setting('transaction_isolation') FROM kv WHERE key = ?";
            assertThat(Sql.column(connection, isolation, key)).containsExactly(expected);
            Sql.update(other, "UPDATE kv SET value = 'after' WHERE key = ?", key);
            assertThat(Sql.column(connection, SELECT, key))
                    .containsExactly(level == Connection.TRANSACTION_READ_COMMITTED ? "after" : "before");
            connection.commit();
            assertThat(connection.getTransactionIsolation()).isEqualTo(level);
        }
    }

    @Test
    void aConnectionThatIsClosedInATransactionLeavesNothing() throws SQLException {
        String key = cluster.keyOn(0, "abandoned");
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.update(connection, INSERT, key, "never");
        }
        try (Connection connection = cluster.connect()) {
            Sql.update(connection, INSERT, key, "now");
            assertThat(Sql.column(connection, SELECT, key)).containsExactly("now");
        }
    }

    @Test
    void severalStatementsInOneTextAreOneTransaction() throws SQLException {
        String key = cluster.keyOn(1, "text");
        try (Connection connection = cluster.connect(SIMPLE);
                Statement statement = connection.createStatement()) {
            String insert = "INSERT INTO kv VALUES ('" + key + "', 'a')";
            assertThat(SqlStates.of(() -> statement.execute(insert + "; SELECT 1/0")))
                    .isEqualTo("22012");
            assertThat(Sql.column(connection, SELECT, key)).isEmpty();
            assertThat(statement.execute(insert + "; SELECT value FROM kv WHERE key = '" + key + "'"))
                    .isFalse();
            assertThat(statement.getMoreResults()).isTrue();
        }
    }

    private static int numbers(PreparedStatement statement) throws SQLException {
        int n = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                n++;
                assertThat(rows.getInt("n")).isEqualTo(n);
            }
        }
        return n;
    }
}
