package io.pgring.proxy.app.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One client with one connection and keys of its own: those whose number is {@code index} modulo the number of clients. So
 * it knows what each of them must be. A write that failed may have happened or not: from then on, until the next write
 * that succeeds, the values of all attempts since the last success are right.
 */
final class LoadClient implements AutoCloseable {
    private static final int VALIDATION_SECONDS_MAX = 5;
    private static final long RECONNECT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RECONNECT_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    final Operations loading = new Operations();
    final Operations reads = new Operations();
    final Operations rewrites = new Operations();
    long wrongValues;

    private final LoadPlan plan;
    private final int index;
    private final Complaints complaints;
    private final int[] acknowledged;
    private final int[] attempted;
    private @Nullable Session session;

    LoadClient(LoadPlan plan, int index, Complaints complaints) {
        this.plan = plan;
        this.index = index;
        this.complaints = complaints;
        int own = (plan.keys() - index + plan.clients() - 1) / plan.clients();
        this.acknowledged = new int[own];
        this.attempted = new int[own];
    }

    /** Number of this client, from 0. */
    int index() {
        return index;
    }

    /** How many keys are this client's. */
    int keys() {
        return attempted.length;
    }

    /** Opens the connection. */
    void connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(plan.properties());
        Connection connection = DriverManager.getConnection(plan.url(), properties);
        session = new Session(
                connection,
                connection.prepareStatement("INSERT INTO " + plan.table()
                        + " (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"),
                connection.prepareStatement("SELECT value FROM " + plan.table() + " WHERE key = ?"));
    }

    /** Writes the client's own key with this index, as part of the first visit or of a later one. */
    void write(int own, Operations operations) throws UnreachableException {
        int version = ++attempted[own];
        String key = plan.key(index + own * plan.clients());
        String value = plan.value(index + own * plan.clients(), version);
        PreparedStatement statement = session().write();
        long start = System.nanoTime();
        try {
            statement.setString(1, key);
            statement.setString(2, value);
            int rows = statement.executeUpdate();
            operations.onSuccess(System.nanoTime() - start);
            acknowledged[own] = version;
            if (rows != 1) {
                onWrong(key, "a write reported " + rows + " rows");
            }
        } catch (SQLException e) {
            onError(operations, e);
        }
    }

    /** Reads the client's own key with this index, and checks its value. */
    void read(int own) throws UnreachableException {
        int number = index + own * plan.clients();
        String key = plan.key(number);
        PreparedStatement statement = session().read();
        long start = System.nanoTime();
        try {
            statement.setString(1, key);
            try (ResultSet rows = statement.executeQuery()) {
                String value = rows.next() ? rows.getString(1) : null;
                boolean more = value != null && rows.next();
                reads.onSuccess(System.nanoTime() - start);
                check(own, number, value, more);
            }
        } catch (SQLException e) {
            onError(reads, e);
        }
    }

    private void check(int own, int number, @Nullable String value, boolean more) {
        if (acknowledged[own] == 0 && attempted[own] > 0) {
            // The first write failed: an earlier run's value, or none, is as right as this run's.
            return;
        }
        if (more) {
            onWrong(plan.key(number), "a read found more than one row");
        } else if (value == null) {
            onWrong(plan.key(number), "a read found no row");
        } else if (!isPossible(own, number, value)) {
            onWrong(plan.key(number), "a read found another value than the one written");
        }
    }

    private boolean isPossible(int own, int number, String value) {
        for (int version = attempted[own]; version >= acknowledged[own]; version--) {
            if (value.equals(plan.value(number, version))) {
                return true;
            }
        }
        return false;
    }

    private void onWrong(String key, String what) {
        wrongValues++;
        complaints.add("wrong: " + what + " (such as key " + key.replaceAll("\\d+", "N") + ")");
    }

    private void onError(Operations operations, SQLException e) {
        operations.onError();
        complaints.add(describe(e));
        Session current = session;
        try {
            if (current != null && !current.connection().isValid(VALIDATION_SECONDS_MAX)) {
                close();
            }
        } catch (SQLException invalid) {
            close();
        }
    }

    /** The session, a new one if the old one is gone. */
    private Session session() throws UnreachableException {
        long start = System.nanoTime();
        Session current = session;
        while (current == null) {
            try {
                connect();
            } catch (SQLException e) {
                if (System.nanoTime() - start > RECONNECT_NANOS_MAX
                        || Thread.currentThread().isInterrupted()) {
                    throw new UnreachableException(describe(e));
                }
                LockSupport.parkNanos(RECONNECT_PAUSE_NANOS);
            }
            current = session;
        }
        return current;
    }

    static String describe(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState() + " ";
        return state + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        Session current = session;
        session = null;
        if (current != null) {
            try {
                current.connection().close();
            } catch (SQLException e) {
                complaints.add("while closing: " + describe(e));
            }
        }
    }

    /** A connection and what is prepared on it. */
    private record Session(Connection connection, PreparedStatement write, PreparedStatement read) {}

    /** The proxy could not be reached again for a long time. */
    static final class UnreachableException extends Exception {
        UnreachableException(String message) {
            super(message);
        }
    }
}
