package io.pgring.proxy.reshard;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The advisory lock on the home shard of which there is one: its holder is the mover. The session that holds it does something every second; one
 * that has been still for long is that of a process that is frozen, or that is gone without the server knowing. Another may end it then:
 * should it wake up, its token is too old for everything.
 */
final class MoverLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MoverLock.class);

    /** "pgring" in ASCII, and a number that no other lock of the proxy has. */
    static final long LOCK = 0x7067_7269_6e6dL;

    private static final int BEAT_MILLIS = 1_000;
    private static final int SILENT_MILLIS_MAX = 10_000;

    private static final String END_FROZEN = """
            SELECT pg_catalog.pg_terminate_backend(a.pid)
            FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
              AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
              AND (l.classid::int8 << 32) + l.objid::int8 = ?
              AND a.state_change < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
            """;

    private final Connection connection;
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "pgring-mover-lock");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean lost;

    private MoverLock(Connection connection) {
        this.connection = connection;
        beats.scheduleWithFixedDelay(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lock.
     *
     * @param home taken, closed unless the lock is held by it
     * @return null when another has it
     */
    static @Nullable MoverLock take(Connection home, Duration frozenAfter) throws SQLException {
        boolean held = false;
        try {
            home.setNetworkTimeout(Runnable::run, SILENT_MILLIS_MAX);
            held = tryLock(home);
            if (!held && endFrozen(home, frozenAfter)) {
                held = tryLock(home);
            }
            return held ? new MoverLock(home) : null;
        } finally {
            if (!held) {
                home.close();
            }
        }
    }

    private static boolean tryLock(Connection home) throws SQLException {
        try (Statement statement = home.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_try_advisory_lock(" + LOCK + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static boolean endFrozen(Connection home, Duration frozenAfter) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(END_FROZEN)) {
            statement.setLong(1, LOCK);
            statement.setDouble(2, frozenAfter.toMillis() / 1000.0);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** All open moves become those of the holder. By the session that has the lock: without it there is no token. */
    long takeOver() throws SQLException {
        return new MoveJournal(connection).takeOver();
    }

    /** Whether it may have gone to another. */
    boolean isLost() {
        return lost;
    }

    private void beat() {
        if (lost) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            lost = true;
            LOG.warn("the mover has lost its lock sqlState={} reason=\"{}\"", e.getSQLState(), e.getMessage());
        }
    }

    @Override
    public void close() throws SQLException {
        lost = true;
        beats.shutdownNow();
        connection.close();
    }
}
