package io.pgring.proxy.recovery;

import io.pgring.proxy.fanout.InDoubt.Fate;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.GlobalTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The log of a shard: {@code pgring.commit_log}, of which the first row for a transaction decides. */
final class CommitLog {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final int REMOVED_MAX = 10_000;

    private static final String ABORT =
            "INSERT INTO pgring.commit_log (gid, committed) VALUES (?, false) ON CONFLICT DO NOTHING";
    private static final String IS_COMMITTED = "SELECT committed FROM pgring.commit_log WHERE gid = ?";

    /** Nobody asks for one that was committed so long ago, but one that is aborted must not begin to be committed. */
    private static final String OLD = """
            SELECT gid FROM pgring.commit_log
            WHERE at < pg_catalog.clock_timestamp() - interval '10 minutes'
              AND (committed OR at < pg_catalog.clock_timestamp() - interval '1 day')
            ORDER BY at LIMIT %d
            """.formatted(REMOVED_MAX);

    private static final String REMOVE = "DELETE FROM pgring.commit_log WHERE gid = ANY (?)";

    private final Connection connection;

    /** @param connection in autocommit mode, at isolation level read committed */
    CommitLog(Connection connection) {
        this.connection = connection;
    }

    /** Makes the log unless there is one. */
    void ensure() throws SQLException {
        CatalogSchema.ensureCommitLog(connection);
    }

    /**
     * Decides that a transaction is aborted, unless something is decided.
     *
     * @param waitMillisMax how long to wait for one who is about to decide
     * @return what is decided; UNKNOWN when that one is not done in time
     */
    Fate decide(GlobalTransaction transaction, int waitMillisMax) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = " + waitMillisMax);
        }
        try (PreparedStatement abort = connection.prepareStatement(ABORT)) {
            abort.setString(1, transaction.name());
            if (abort.executeUpdate() == 1) {
                return Fate.ABORTED;
            }
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return Fate.UNKNOWN;
            }
            throw e;
        }
        try (PreparedStatement query = connection.prepareStatement(IS_COMMITTED)) {
            query.setString(1, transaction.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Fate.UNKNOWN;
                }
                return row.getBoolean(1) ? Fate.COMMITTED : Fate.ABORTED;
            }
        }
    }

    /** Names of transactions that were decided long ago. */
    List<String> old() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OLD);
                ResultSet row = query.executeQuery()) {
            List<String> names = new ArrayList<>();
            while (row.next()) {
                names.add(row.getString(1));
            }
            return names;
        }
    }

    /** Forgets transactions. */
    void remove(List<String> names) throws SQLException {
        if (!names.isEmpty()) {
            try (PreparedStatement remove = connection.prepareStatement(REMOVE)) {
                remove.setArray(1, connection.createArrayOf("text", names.toArray()));
                remove.executeUpdate();
            }
        }
    }
}
