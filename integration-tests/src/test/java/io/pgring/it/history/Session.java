package io.pgring.it.history;

import io.pgring.it.history.Operation.Append;
import io.pgring.it.history.Operation.Count;
import io.pgring.it.history.Operation.Read;
import io.pgring.it.history.Operation.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** The statements of a client, each of which writes down what it was told. One that fails ends the session only if that is lost. */
final class Session {
    static final String UPDATE = "UPDATE kv SET value = value || ? WHERE key = ? RETURNING key, value";

    /** The session ends in the midst of something, and nobody says what became of it. */
    private static final Set<String> NOBODY_KNOWS = Set.of("08007", "57P01", "57P02");

    private final Connection connection;
    private final History history;
    private final String client;

    /** @param connection in autocommit mode */
    Session(Connection connection, History history, String client) {
        this.connection = connection;
        this.history = history;
        this.client = client;
    }

    Connection connection() {
        return connection;
    }

    History history() {
        return history;
    }

    String client() {
        return client;
    }

    /** What became of a commit, or of a write outside of a transaction. An error of the driver itself tells nothing. */
    static Outcome outcome(SQLException failure) {
        return isTold(failure) && !NOBODY_KNOWS.contains(String.valueOf(failure.getSQLState()))
                ? Outcome.FAILED
                : Outcome.UNKNOWN;
    }

    private static boolean isTold(SQLException failure) {
        return failure instanceof PSQLException known && known.getServerErrorMessage() != null;
    }

    /** @throws SQLException the same, if the session can't go on */
    void failed(SQLException failure) throws SQLException {
        history.addError(failure);
        if (!isTold(failure)
                || NOBODY_KNOWS.contains(failure.getSQLState())
                || connection.isClosed()
                || !connection.getAutoCommit()) {
            throw failure;
        }
    }

    /** The rows of a statement: key and value. */
    List<Row> rows(String sql, Collection<String> parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 0;
            for (String parameter : parameters) {
                index++;
                statement.setString(index, parameter);
            }
            List<Row> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Row(row.getString(1), row.getString(2)));
                }
            }
            return found;
        }
    }

    private static String marks(Collection<String> keys) {
        return String.join(", ", Collections.nCopies(keys.size(), "?"));
    }

    /** Appends a number to the values of some keys by one statement. */
    void update(long number, Set<String> keys) throws SQLException {
        String sql = keys.size() == 1
                ? UPDATE
                : "UPDATE kv SET value = value || ? WHERE key IN (" + marks(keys) + ") RETURNING key, value";
        List<String> parameters = new ArrayList<>(List.of(number + ","));
        parameters.addAll(keys);
        long begin = history.tick();
        try {
            List<Row> rows = rows(sql, parameters);
            long end = history.tick();
            write(appends(number, rows.stream().map(Row::key).toList(), begin, false), Outcome.COMMITTED, begin, end);
            history.add(new Read(client, keys, rows, begin, end));
        } catch (SQLException e) {
            write(appends(number, keys, begin, true), outcome(e), begin, history.tick());
            failed(e);
        }
    }

    /** Puts rows in, or appends to those that there are, by one statement. */
    void insert(long number, List<String> keys) throws SQLException {
        String rows = keys.stream().map(key -> "(?, ?)").collect(Collectors.joining(", "));
        long begin = history.tick();
        Outcome outcome = Outcome.COMMITTED;
        @Nullable SQLException failure = null;
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO kv (key, value) VALUES " + rows
                + " ON CONFLICT (key) DO UPDATE SET value = kv.value || excluded.value")) {
            int index = 0;
            for (String key : keys) {
                statement.setString(++index, key);
                statement.setString(++index, number + ",");
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            outcome = outcome(e);
            failure = e;
        }
        write(appends(number, keys, begin, false), outcome, begin, history.tick());
        if (failure != null) {
            failed(failure);
        }
    }

    private static List<Append> appends(long number, Collection<String> keys, long begin, boolean ifThere) {
        return keys.stream().map(key -> new Append(key, number, begin, ifThere)).toList();
    }

    private void write(List<Append> appends, Outcome outcome, long begin, long end) {
        history.add(new Write(client, appends, outcome, begin, end));
    }

    /** Reads some keys. */
    void read(Set<String> keys) throws SQLException {
        String sql = keys.size() == 1
                ? "SELECT key, value FROM kv WHERE key = ?"
                : "SELECT key, value FROM kv WHERE key IN (" + marks(keys) + ")";
        long begin = history.tick();
        try {
            List<Row> rows = rows(sql, keys);
            history.add(new Read(client, keys, rows, begin, history.tick()));
        } catch (SQLException e) {
            failed(e);
        }
    }

    /** Reads all rows. */
    void scan(String sql) throws SQLException {
        long begin = history.tick();
        try {
            List<Row> rows = rows(sql, List.of());
            history.add(new Read(client, null, rows, begin, history.tick()));
        } catch (SQLException e) {
            failed(e);
        }
    }

    /** Counts all rows. */
    void count(String sql) throws SQLException {
        long begin = history.tick();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long rows = row.getLong(1);
            history.add(new Count(client, rows, begin, history.tick()));
        } catch (SQLException e) {
            failed(e);
        }
    }
}
