package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Shard;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mover's connection to a shard. Every transaction begins by locking the row of {@code pgring.fence} against other movers, and ends at once if
 * it names another: so one that has been replaced can change nothing, however late it wakes up. All transactions are REPEATABLE READ: what
 * one of them reads is of one moment.
 *
 * <p>Values travel as text under settings by which each type reads back what it has written.
 */
final class ShardSession implements AutoCloseable {
    /** What every mover's {@code application_name} begins with, on shards. */
    static final String APPLICATION = "pgring mover ";

    private static final Set<String> LOCK_NOT_AVAILABLE = Set.of("55P03");
    private static final int STATEMENT_MILLIS_MAX = 600_000;

    private static final String SETTINGS = """
            SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET timezone = 'UTC';
            SET extra_float_digits = 3; SET bytea_output = 'hex'; SET lc_monetary = 'C'; SET xmloption = 'content';
            SET standard_conforming_strings = on; SET quote_all_identifiers = off; SET client_min_messages = warning;
            SET default_transaction_isolation = 'repeatable read'; SET default_transaction_read_only = off;
            SET synchronous_commit = on; SET statement_timeout = 0; SET lock_timeout = '5s'; SET jit = off;
            SET idle_in_transaction_session_timeout = '60s'; SET row_security = off; SET search_path = ''
            """;

    private final Shard shard;
    private final Connection connection;
    private final long token;
    private final boolean replica;

    /** Takes the connection, closed also when this fails. */
    ShardSession(Shard shard, Connection connection, long token) throws SQLException {
        this.shard = shard;
        this.connection = connection;
        this.token = token;
        try {
            timeout(Duration.ofMillis(STATEMENT_MILLIS_MAX));
            execute(SETTINGS);
            execute("SET application_name = '" + APPLICATION + token + "'");
            this.replica = becomeReplica();
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** What is done within a transaction. */
    interface Work<T> {
        T run() throws SQLException, InterruptedException;
    }

    Shard shard() {
        return shard;
    }

    Connection connection() {
        return connection;
    }

    /** The token of the mover, as the shard's fence must have it. */
    long token() {
        return token;
    }

    /** Whether triggers, rules and foreign keys of users stay silent when this session writes. */
    boolean isReplica() {
        return replica;
    }

    private boolean becomeReplica() throws SQLException {
        try {
            execute("SET session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if (!"42501".equals(e.getSQLState())) {
                throw e;
            }
            return false;
        }
    }

    /** A server that is silent for longer counts as lost. */
    void timeout(Duration most) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(most.toMillis()));
    }

    /** Back to the usual. */
    void resetTimeout() throws SQLException {
        timeout(Duration.ofMillis(STATEMENT_MILLIS_MAX));
    }

    /**
     * Makes this mover the one that may change the shard: ends the connections of those before, and waits for the end of what they
     * have begun.
     */
    void takeOver() throws SQLException, InterruptedException {
        execute("SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
                + " WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()"
                + " AND pg_catalog.starts_with(application_name, '" + APPLICATION + "')"
                + " AND application_name <> '" + APPLICATION + token + "'");
        retrying(() -> {
            execute("UPDATE pgring.fence SET mover = " + token + " WHERE mover < " + token);
            return true;
        });
        checkFence();
    }

    private void checkFence() throws SQLException {
        String found = value("SELECT mover FROM pgring.fence FOR SHARE");
        if (!Long.toString(token).equals(found)) {
            throw new StaleMoverException("another mover has taken over shard \"" + shard.name() + "\"");
        }
    }

    /** One transaction, committed unless this throws. */
    <T> T transaction(Work<T> work) throws SQLException, InterruptedException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            checkFence();
            T result = work.run();
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!connection.isClosed()) {
                if (!done) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    /**
     * A transaction that changes tables which clients write to: who waits for their locks makes later ones wait as well, so it waits for
     * 200 ms, lets them go on, and tries again.
     */
    void define(List<String> statements) throws SQLException, InterruptedException {
        retrying(() -> transaction(() -> {
            execute("SET LOCAL lock_timeout = '200ms'");
            for (String sql : statements) {
                execute(sql);
            }
            return true;
        }));
    }

    private static <T> T retrying(Work<T> work) throws SQLException, InterruptedException {
        long restMillis = 50;
        while (true) {
            try {
                return work.run();
            } catch (SQLException e) {
                if (!LOCK_NOT_AVAILABLE.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            }
            Thread.sleep(restMillis);
            restMillis = Math.min(2 * restMillis, 2_000);
        }
    }

    /** Statements whose text is sent as it is. */
    void execute(String sql) throws SQLException {
        try (Statement statement = statement()) {
            statement.execute(sql);
        }
    }

    /** How many rows a statement has changed. */
    long update(String sql) throws SQLException {
        try (Statement statement = statement()) {
            return statement.executeLargeUpdate(sql);
        }
    }

    /** First column of the first row, as text; null without a row. */
    @Nullable
    String value(String sql) throws SQLException {
        List<List<@Nullable String>> rows = rows(sql);
        return rows.isEmpty() ? null : rows.get(0).get(0);
    }

    /** Whether a query has a row. */
    boolean exists(String sql) throws SQLException {
        return !rows(sql).isEmpty();
    }

    /** All rows, as text. */
    List<List<@Nullable String>> rows(String sql) throws SQLException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (Statement statement = statement();
                ResultSet row = statement.executeQuery(sql)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<@Nullable String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(row.getString(i));
                }
                rows.add(values);
            }
        }
        return rows;
    }

    private Statement statement() throws SQLException {
        Statement statement = connection.createStatement();
        // JDBC would take a multirange for an escape.
        statement.setEscapeProcessing(false);
        return statement;
    }

    /** A string constant. */
    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** An identifier. */
    static String quote(String identifier) {
        return GatherNames.quote(identifier);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
