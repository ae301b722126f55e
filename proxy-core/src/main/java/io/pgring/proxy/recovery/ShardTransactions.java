package io.pgring.proxy.recovery;

import io.pgring.proxy.topology.GlobalTransaction;
import io.pgring.proxy.topology.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A shard, as recovery sees it: its prepared transactions and its log. */
final class ShardTransactions implements AutoCloseable {
    private static final String UNDEFINED_OBJECT = "42704";
    /** Somebody else is just ending it. */
    private static final String BUSY = "55000";

    private static final int BUSY_TRIES = 50;
    private static final int BUSY_MILLIS = 20;
    private static final int ANSWER_MILLIS_MAX = 10_000;

    private static final String PREPARED = """
            SELECT gid, prepared < pg_catalog.clock_timestamp() - interval '1 second', prepared,
                (SELECT pg_catalog.quote_ident(owner) FROM pg_catalog.pg_roles
                    WHERE rolname OPERATOR(pg_catalog.=) current_user AND rolname OPERATOR(pg_catalog.<>) owner
                        AND NOT rolsuper)
            FROM pg_catalog.pg_prepared_xacts
            WHERE database = pg_catalog.current_database() AND pg_catalog.starts_with(gid, ?)
            ORDER BY prepared
            """;

    private final Shard shard;
    private final Connection connection;

    /**
     * A prepared part of a transaction.
     *
     * @param name of the part
     * @param old whether it is older than a commit takes when nothing goes wrong
     * @param since when it was prepared
     * @param role as which it has to be ended, quoted; null when anybody's are, or it is the proxy's own
     */
    record Prepared(
            ShardTransactions on,
            GlobalTransaction transaction,
            String name,
            boolean old,
            Instant since,
            @Nullable String role) {
        PartInDoubt inDoubt() {
            return new PartInDoubt(on.shard.name(), name, transaction.first(), since);
        }
    }

    /** Takes the connection, closed also when this fails. */
    ShardTransactions(Shard shard, Connection connection) throws SQLException {
        this.shard = shard;
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS_MAX);
            statement.execute("SET default_transaction_isolation = 'read committed';"
                    + " SET default_transaction_read_only = off; SET synchronous_commit = on; SET statement_timeout = 0;"
                    + " SET client_min_messages = warning");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Shard shard() {
        return shard;
    }

    CommitLog log() {
        return new CommitLog(connection);
    }

    /** The prepared parts of transactions that proxies have made. */
    List<Prepared> prepared() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PREPARED)) {
            statement.setString(1, GlobalTransaction.PREFIX);
            List<Prepared> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    GlobalTransaction transaction = GlobalTransaction.ofPart(row.getString(1));
                    if (transaction != null) {
                        found.add(new Prepared(
                                this,
                                transaction,
                                row.getString(1),
                                row.getBoolean(2),
                                row.getObject(3, OffsetDateTime.class).toInstant(),
                                row.getString(4)));
                    }
                }
            }
            return found;
        }
    }

    /** Commits a part or rolls it back; one that is no longer there has been by another. */
    void end(Prepared part, boolean commit) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (part.role() != null) {
                statement.execute("SET ROLE " + part.role());
            }
            int tries = 1;
            while (!end(statement, part, commit)) {
                if (tries == BUSY_TRIES) {
                    throw new SQLException("another session is ending it", BUSY);
                }
                tries++;
                TimeUnit.MILLISECONDS.sleep(BUSY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("the proxy ends", e);
        } finally {
            resetRole(part);
        }
    }

    /** Tries it. @return false when somebody else is just about to, which may come to nothing */
    private static boolean end(Statement statement, Prepared part, boolean commit) throws SQLException {
        try {
            statement.execute((commit ? "COMMIT" : "ROLLBACK") + " PREPARED '"
                    + part.name().replace("'", "''") + "'");
        } catch (SQLException e) {
            if (BUSY.equals(e.getSQLState())) {
                return false;
            }
            if (!UNDEFINED_OBJECT.equals(e.getSQLState())) {
                throw e;
            }
        }
        return true;
    }

    private void resetRole(Prepared part) throws SQLException {
        if (part.role() != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("RESET ROLE");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
