package io.pgring.proxy.gather;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction on one server that changes tables or what the proxy has made there. An advisory lock can keep proxies from doing so at once; names in
 * its texts must be qualified, since its search_path is empty. Rolled back unless committed.
 */
public final class Ddl implements AutoCloseable {
    /** Of those that make gather objects: "pgring" in ASCII. */
    static final long GATHER_LOCK = 0x7067_7269_6e67L;

    /** To drop a view waits for the statements that read it, and those that come later wait for the drop: so not for long. */
    private static final int LOCK_WAIT_MILLIS_MAX = 5_000;

    private final Connection connection;

    private Ddl(Connection connection) {
        this.connection = connection;
    }

    /** Makes a value of a row. */
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes the connection, closed also when this fails. */
    static Ddl begin(Connection connection, long advisoryLock) throws SQLException {
        Ddl ddl = begin(connection);
        try {
            ddl.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + advisoryLock + ")");
            return ddl;
        } catch (SQLException e) {
            ddl.close();
            throw e;
        }
    }

    /** A transaction without a lock. Takes the connection, closed also when this fails. */
    public static Ddl begin(Connection connection) throws SQLException {
        Ddl ddl = new Ddl(connection);
        try {
            connection.setAutoCommit(false);
            ddl.configure();
            return ddl;
        } catch (SQLException e) {
            ddl.close();
            throw e;
        }
    }

    private void configure() throws SQLException {
        execute("SET LOCAL search_path = ''");
        execute("SET LOCAL standard_conforming_strings = on");
        execute("SET LOCAL quote_all_identifiers = off");
        execute("SET LOCAL client_min_messages = warning");
        execute("SET LOCAL lock_timeout = " + LOCK_WAIT_MILLIS_MAX);
    }

    /** The connection, for what is not a statement. */
    public Connection connection() {
        return connection;
    }

    /** Runs one statement whose text is sent as it is. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // JDBC would take braces in a name for an escape.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Runs several. */
    public void execute(List<String> statements) throws SQLException {
        for (String sql : statements) {
            execute(sql);
        }
    }

    /** All rows of a query with parameters of type text, or text[] for lists. */
    public <T> List<T> rows(RowReader<T> reader, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                if (parameters[i] instanceof List<?> list) {
                    statement.setArray(i + 1, connection.createArrayOf("text", list.toArray()));
                } else {
                    statement.setString(i + 1, String.valueOf(parameters[i]));
                }
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
            return rows;
        }
    }

    /** First column of all rows, which has no nulls. */
    public List<String> column(String sql, Object... parameters) throws SQLException {
        return rows(row -> row.getString(1), sql, parameters);
    }

    /** Whether a query has a row. */
    public boolean exists(String sql, Object... parameters) throws SQLException {
        return !column(sql, parameters).isEmpty();
    }

    /** Runs statements that may fail without harm to what was done before. */
    void attempt(Attempt attempt) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            attempt.run();
            connection.releaseSavepoint(savepoint);
        } catch (SQLException | RuntimeException e) {
            connection.rollback(savepoint);
            throw e;
        }
    }

    /** Statements of an {@link #attempt}. */
    interface Attempt {
        void run() throws SQLException;
    }

    /** Major version of the server. */
    int serverVersion() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /** Commits. */
    public void commit() throws SQLException {
        connection.commit();
    }

    /** Begins the next transaction after a {@link #commit}. */
    public void beginAgain() throws SQLException {
        configure();
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            connection.rollback();
        }
    }

    /** A string constant. */
    public static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
