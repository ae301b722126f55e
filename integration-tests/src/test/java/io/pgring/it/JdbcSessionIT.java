package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What belongs to a client's session stays with the client: over all shards, and away from other clients. */
@ExtendWith(SharedCluster.class)
class JdbcSessionIT {
    private static final String SIMPLE = "preferQueryMode=simple";
    private static final String EXTENDED = "prepareThreshold=1";

    private final Cluster cluster;

    JdbcSessionIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void variablesAreTheSameOnEveryShardAndForNobodyElse(String mode) throws SQLException {
        putRows();
        try (Connection connection = cluster.connect(mode);
                Connection other = cluster.connect(mode)) {
            Sql.execute(connection, "SET work_mem = '7MB'");
            Sql.execute(connection, "SET SESSION statement_timeout TO 123456");
            Sql.execute(connection, "SET app.tenant = 'O''Brien'");
            for (int round = 0; round < 3; round++) {
                assertThat(everywhere(connection, "work_mem")).containsOnly("7MB");
                assertThat(everywhere(other, "work_mem")).containsOnly("4MB");
                assertThat(everywhere(connection, "statement_timeout")).containsOnly("123456ms");
                assertThat(everywhere(other, "statement_timeout")).containsOnly("0");
                assertThat(everywhere(connection, "app.tenant")).containsOnly("O'Brien");
            }
            assertThat(Sql.value(connection, "SHOW work_mem")).isEqualTo("7MB");
            Sql.execute(connection, "RESET work_mem");
            assertThat(everywhere(connection, "work_mem")).containsOnly("4MB");
            assertThat(everywhere(connection, "statement_timeout")).containsOnly("123456ms");
            Sql.execute(connection, "RESET ALL");
            assertThat(everywhere(connection, "statement_timeout")).containsOnly("0");
        }
    }

    @Test
    void aVariableSetInATransactionThatIsRolledBackIsForgotten() throws SQLException {
        putRows();
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "SET work_mem = '9MB'");
            assertThat(Sql.value(connection, "SHOW work_mem")).isEqualTo("9MB");
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(everywhere(connection, "work_mem")).containsOnly("4MB");

            connection.setAutoCommit(false);
            Sql.execute(connection, "SET LOCAL work_mem = '9MB'");
            assertThat(Sql.value(connection, "SHOW work_mem")).isEqualTo("9MB");
            connection.commit();
            connection.setAutoCommit(true);
            assertThat(everywhere(connection, "work_mem")).containsOnly("4MB");

            connection.setAutoCommit(false);
            Sql.execute(connection, "SET work_mem = '9MB'");
            connection.commit();
            connection.setAutoCommit(true);
            assertThat(everywhere(connection, "work_mem")).containsOnly("9MB");
        }
    }

    @Test
    void startupSettingsHoldOnEveryShardAndResetReturnsToThem() throws SQLException {
        putRows();
        String options = "ApplicationName=my+app&options=-c%20work_mem=6MB%20-c%20lock_timeout=77s";
        try (Connection connection = cluster.connect(options)) {
            assertThat(everywhere(connection, "application_name")).containsOnly("my app");
            assertThat(everywhere(connection, "work_mem")).containsOnly("6MB");
            assertThat(everywhere(connection, "lock_timeout")).containsOnly("77s");
            Sql.execute(connection, "SET work_mem = '5MB'");
            assertThat(everywhere(connection, "work_mem")).containsOnly("5MB");
            Sql.execute(connection, "RESET ALL");
            assertThat(everywhere(connection, "work_mem")).containsOnly("6MB");
            // The driver has not sent it at start-up, but by SET.
            assertThat(everywhere(connection, "application_name")).containsOnly("");
        }
    }

    @Test
    void anUnknownSettingIsTheServersError() throws SQLException {
        assertThat(SqlStates.of(() -> cluster.connect("options=-c%20no_such_thing=1")))
                .isEqualTo("42704");
        try (Connection connection = cluster.connect()) {
            assertThat(SqlStates.of(() -> Sql.execute(connection, "SET no_such_thing = 1")))
                    .isEqualTo("42704");
            assertThat(SqlStates.of(() -> Sql.execute(connection, "SET work_mem = 'much'")))
                    .isEqualTo("22023");
            assertThat(Sql.value(connection, "SHOW work_mem")).isEqualTo("4MB");
        }
    }

    @Test
    void anotherDatabaseIsUnknown() {
        String url = cluster.jdbcUrl().replace("/postgres?", "/nowhere?");
        assertThat(SqlStates.of(() -> java.sql.DriverManager.getConnection(url)))
                .isEqualTo("3D000");
    }

    @Test
    void schemas() throws SQLException {
        cluster.servers().execute(0, "CREATE SCHEMA IF NOT EXISTS side; CREATE TABLE side.notes (n int)");
        try (Connection connection = cluster.connect()) {
            assertThat(connection.getSchema()).isEqualTo("public");
            connection.setSchema("side");
            assertThat(connection.getSchema()).isEqualTo("side");
            Sql.update(connection, "INSERT INTO notes VALUES (?)", 5);
            assertThat(Sql.value(connection, "SELECT n FROM side.notes")).isEqualTo("5");
            connection.setSchema("public");
            Sql.update(connection, "INSERT INTO kv VALUES (?, ?)", "schema", "public");
            assertThat(SqlStates.of(() -> Sql.value(connection, "SELECT n FROM notes")))
                    .isEqualTo("42P01");
        } finally {
            cluster.servers().execute(0, "DROP SCHEMA side CASCADE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED})
    void discardAllAndDeallocateAll(String mode) throws SQLException {
        putRows();
        try (Connection connection = cluster.connect(mode)) {
            Sql.execute(connection, "SET work_mem = '8MB'");
            assertThat(everywhere(connection, "work_mem")).containsOnly("8MB");
            Sql.execute(connection, "DEALLOCATE ALL");
            assertThat(everywhere(connection, "work_mem")).containsOnly("8MB");
            Sql.execute(connection, "DISCARD ALL");
            assertThat(everywhere(connection, "work_mem")).containsOnly("4MB");
        }
    }

    @Test
    void metadata() throws SQLException {
        try (Connection connection = cluster.connect()) {
            DatabaseMetaData metadata = connection.getMetaData();
            assertThat(metadata.getDatabaseProductName()).isEqualTo("PostgreSQL");
            assertThat(strings(metadata.getTables(null, "public", "kv", new String[] {"TABLE"}), "table_name"))
                    .containsExactly("kv");
            assertThat(strings(metadata.getColumns(null, "public", "kv", "%"), "column_name"))
                    .containsExactly("key", "value");
            assertThat(strings(metadata.getPrimaryKeys(null, "public", "kv"), "column_name"))
                    .containsExactly("key");
            assertThat(strings(metadata.getIndexInfo(null, "public", "kv", true, false), "index_name"))
                    .containsExactly("kv_pkey");
            assertThat(strings(metadata.getSchemas(), "table_schem")).contains("public", "pg_catalog");
            assertThat(strings(metadata.getTypeInfo(), "type_name")).contains("text");
            assertThat(strings(metadata.getCatalogs(), "table_cat")).contains("postgres");
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void aQueryTimeoutCancelsOnTheShard() throws SQLException {
        putRows();
        try (Connection connection = cluster.connect()) {
            for (String key : cluster.keyOnEach("session")) {
                String sql = "SELECT pg_sleep(600) FROM kv WHERE key = ?";
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setQueryTimeout(1);
                    statement.setString(1, key);
                    assertThat(SqlStates.of(statement::executeQuery)).isEqualTo("57014");
                }
                assertThat(Sql.column(connection, "SELECT value FROM kv WHERE key = ?", key))
                        .containsExactly("v");
            }
        }
    }

    @Test
    void aStatementIsCancelledFromAnotherThread() throws Exception {
        putRows();
        String key = cluster.keyOn(2, "session");
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            String sql = "SELECT pg_sleep(601) FROM kv WHERE key = '" + key + "'";
            CompletableFuture<String> state =
                    CompletableFuture.supplyAsync(() -> SqlStates.of(() -> statement.execute(sql)));
            Eventually.holds(
                    "the query runs on its shard",
                    () -> cluster.servers()
                            .value(
                                    2,
                                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(601)%'"
                                            + " AND state = 'active' AND pid <> pg_backend_pid()")
                            .equals("1"));
            statement.cancel();
            assertThat(state.get()).isEqualTo("57014");
            statement.cancel();
            assertThat(Sql.column(connection, "SELECT value FROM kv WHERE key = ?", key))
                    .containsExactly("v");
        }
    }

    @Test
    void statementsPreparedInSql() throws SQLException {
        putRows();
        try (Connection connection = cluster.connect(SIMPLE)) {
            for (String key : cluster.keyOnEach("session")) {
                String state = refusedOrDone(connection, "PREPARE p (text) AS SELECT value FROM kv WHERE key = $1");
                if (state.isEmpty()) {
                    assertThat(Sql.value(connection, "EXECUTE p ('" + key + "')"))
                            .isEqualTo("v");
                    Sql.execute(connection, "DEALLOCATE p");
                } else {
                    assertThat(state).isEqualTo(SqlStates.FEATURE_NOT_SUPPORTED);
                }
            }
        }
    }

    private static String refusedOrDone(Connection connection, String sql) {
        try {
            Sql.execute(connection, sql);
            return "";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }

    private void putRows() throws SQLException {
        try (Connection connection = cluster.connect()) {
            for (String key : cluster.keyOnEach("session")) {
                Sql.update(connection, "INSERT INTO kv VALUES (?, 'v')", key);
            }
        }
    }

    /** A variable's value on the home shard and on the shard of each key. */
    private List<String> everywhere(Connection connection, String variable) throws SQLException {
        List<String> values = new ArrayList<>();
        values.add(Sql.value(connection, "SHOW " + variable));
        for (String key : cluster.keyOnEach("session")) {
            values.add(String.valueOf(
                    Sql.column(connection, "SELECT current_setting(?) FROM kv WHERE key = ?", variable, key)
                            .get(0)));
        }
        return values;
    }

    private static List<String> strings(ResultSet rows, String column) throws SQLException {
        List<String> values = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                values.add(rows.getString(column));
            }
        }
        return values;
    }
}
