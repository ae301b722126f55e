package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.reshard.JournalEntry.Progress;
import io.pgring.proxy.topology.ConfiguredTables;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.ProxyRows;
import io.pgring.proxy.topology.TopologyCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The moves on the home shard, {@code pgring.moves}. A step is one transaction that compares what the mover believes, state and token, with
 * what is there: so two movers can't both go on. What the road must know of is published by the same transaction.
 *
 * <p>Blocks: for control threads. Not for several threads.
 */
public final class MoveJournal {
    private static final String COLUMNS = """
            SELECT id, source, target, arcs::text, state, reason, mover, coalesce(rows_total, 0), rows_copied, bytes_copied,
                   rows_deleted, pause_micros_max, started, changed, ended
            FROM pgring.moves
            """;

    private static final String OPEN = "state NOT IN ('DONE', 'ABORTED')";

    private static final String ABORTABLE = "state IN (" + names(MoveState::isAbortable) + ")";

    private static final String LEFT =
            "s.state = 'leaving' AND isempty(s.arcs) AND NOT EXISTS (SELECT FROM pgring.moves m"
                    + " WHERE s.name IN (m.source, m.target) AND m.state NOT IN ('DONE', 'ABORTED'))";

    private static final String ADVANCE = """
            UPDATE pgring.moves SET state = ?, reason = coalesce(?, reason), changed = pg_catalog.clock_timestamp(),
                   started = coalesce(started, pg_catalog.clock_timestamp()),
                   ended = CASE WHEN ? THEN NULL ELSE pg_catalog.clock_timestamp() END
            WHERE id = ? AND state = ? AND mover = ?
            """;

    private static final String PROGRESS = """
            UPDATE pgring.moves SET rows_total = ?, rows_copied = ?, bytes_copied = ?, rows_deleted = ?, pause_micros_max = ?
            WHERE id = ? AND state = ? AND mover = ?
            """;

    /** Greater than any before, also when the catalog was made anew and the shards remember the movers of the old one. */
    private static final String TAKE_OVER = """
            WITH token AS (
                SELECT greatest(coalesce(max(mover), 0) + 1,
                    (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint) AS value
                FROM pgring.moves
            ), taken AS (
                UPDATE pgring.moves SET mover = token.value FROM token WHERE state NOT IN ('DONE', 'ABORTED')
            )
            SELECT value FROM token
            """;

    /** Shards are changed by what the journal says, which must not be forgotten in a crash, whatever the server's settings are. */
    private static final String DURABLY = "SELECT pg_catalog.set_config('synchronous_commit', 'on', true)"
            + " WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'";

    private final Connection home;

    /** @param home in autocommit mode; stays the caller's to close */
    public MoveJournal(Connection home) {
        this.home = home;
    }

    /**
     * Writes the moves of a plan down, to be made in this order.
     *
     * @throws IllegalStateException if moves are open
     */
    public List<JournalEntry> add(RingPlan plan) throws SQLException {
        return add(plan, () -> {});
    }

    /** As {@link #add(RingPlan)}, with more that goes before in the same transaction. */
    List<JournalEntry> add(RingPlan plan, More more) throws SQLException {
        inTransaction(() -> {
            update("LOCK TABLE pgring.moves IN SHARE ROW EXCLUSIVE MODE");
            if (!open().isEmpty()) {
                throw new IllegalStateException("other moves are under way");
            }
            more.run();
            for (PlannedMove move : plan.moves()) {
                update(
                        "INSERT INTO pgring.moves (source, target, arcs) VALUES (?, ?, ?::int8multirange)",
                        move.source(),
                        move.target(),
                        move.arcs().toString());
            }
            return TopologyCatalog.publish(home);
        });
        return open();
    }

    /** The moves that are not over, in their order. */
    public List<JournalEntry> open() throws SQLException {
        return read(COLUMNS + " WHERE " + OPEN + " ORDER BY id");
    }

    /** All moves there have been, the newest first. */
    public List<JournalEntry> history(int most) throws SQLException {
        return read(COLUMNS + " ORDER BY id DESC LIMIT ?", most);
    }

    /** One move. */
    public JournalEntry read(long id) throws SQLException {
        List<JournalEntry> found = read(COLUMNS + " WHERE id = ?", id);
        if (found.isEmpty()) {
            throw new IllegalStateException("there is no move " + id);
        }
        return found.get(0);
    }

    /**
     * Tells a move to abort; its mover does so at its next step.
     *
     * @return false when it is past the flip, over, or paused just now: a pause ends within a second
     */
    public boolean abort(long id, String reason) throws SQLException {
        JournalEntry entry = read(id);
        if (!entry.state().isAbortable()) {
            return entry.state() == MoveState.ABORTING || entry.state() == MoveState.WITHDRAWING;
        }
        return inTransaction(() -> {
                    int changed = update(
                            "UPDATE pgring.moves SET state = 'ABORTING', reason = ?, changed = pg_catalog.clock_timestamp(),"
                                    + " started = coalesce(started, pg_catalog.clock_timestamp()) WHERE id = ? AND state = ?",
                            reason,
                            id,
                            entry.state().name());
                    return changed == 1 ? TopologyCatalog.publish(home) : 0;
                })
                > 0;
    }

    private static String names(Predicate<MoveState> which) {
        return Arrays.stream(MoveState.values())
                .filter(which)
                .map(state -> "'" + state + "'")
                .collect(Collectors.joining(", "));
    }

    /**
     * A target that can't be reached any more is no shard from now on, and moves to it are told to abort; those that are paused are taken back by
     * their mover, too. The catalog lets nobody who is gone own anything, so none of these can be flipped any more.
     *
     * @return false if it owns rows, or gives some away: all is as it was
     */
    boolean forsake(String target, String reason) throws SQLException {
        return inTransaction(() -> {
                    update("LOCK TABLE pgring.moves IN SHARE ROW EXCLUSIVE MODE");
                    int gone = update(
                            "UPDATE pgring.shards s SET state = 'gone' WHERE s.name = ? AND s.position > 0 AND isempty(s.arcs)"
                                    + " AND NOT EXISTS (SELECT FROM pgring.moves m WHERE m.source = s.name AND m."
                                    + OPEN
                                    + ")",
                            target);
                    if (gone == 0) {
                        return 0;
                    }
                    update(
                            "UPDATE pgring.moves SET state = 'ABORTING', reason = ?, changed = pg_catalog.clock_timestamp(),"
                                    + " started = coalesce(started, pg_catalog.clock_timestamp()) WHERE target = ? AND "
                                    + ABORTABLE,
                            reason,
                            target);
                    return TopologyCatalog.publish(home);
                })
                > 0;
    }

    /** All open moves become those of a new mover, which holds the lock. @return its token */
    long takeOver() throws SQLException {
        try (Statement statement = home.createStatement();
                ResultSet row = statement.executeQuery(TAKE_OVER)) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * The next state.
     *
     * @param more is done by the same transaction
     * @return the version of the topology, if the road must know; else 0
     */
    long advance(JournalEntry from, MoveState to, @Nullable String reason, More more)
            throws SQLException, JournalConflictException {
        long version = inTransaction(() -> {
            int changed = update(
                    ADVANCE,
                    to.name(),
                    reason,
                    to.isOpen(),
                    from.id(),
                    from.state().name(),
                    from.mover());
            if (changed == 0) {
                return -1;
            }
            more.run();
            return from.state().phase() == to.phase() ? 0 : TopologyCatalog.publish(home);
        });
        if (version < 0) {
            throw conflict(from);
        }
        return version;
    }

    long advance(JournalEntry from, MoveState to) throws SQLException, JournalConflictException {
        return advance(from, to, null, () -> {});
    }

    /** The target owns the arcs from now on: there is no way back. */
    long flip(JournalEntry from) throws SQLException, JournalConflictException {
        String arcs = from.arcs().toString();
        return advance(from, MoveState.FLIPPED, null, () -> {
            int given = update(
                    "UPDATE pgring.shards SET arcs = arcs - m FROM (SELECT ?::int8multirange AS m) AS moved"
                            + " WHERE name = ? AND arcs @> m",
                    arcs,
                    from.planned().source());
            int taken = update(
                    "UPDATE pgring.shards SET arcs = arcs + ?::int8multirange,"
                            + " state = CASE state WHEN 'joining' THEN 'member' ELSE state END WHERE name = ?",
                    arcs,
                    from.planned().target());
            if (given != 1 || taken != 1) {
                throw new SQLException("the arcs are not the source's to give", "55000");
            }
        });
    }

    /**
     * All is as it was before the move. The source keeps its arcs, and so stays; and what was planned together with the move is not begun: the
     * ring would be neither what it was nor what was wanted.
     */
    void giveUp(JournalEntry from) throws SQLException, JournalConflictException {
        advance(from, MoveState.ABORTED, null, () -> {
            update(
                    "UPDATE pgring.shards SET state = 'member' WHERE name = ? AND state = 'leaving'",
                    from.planned().source());
            update(
                    "UPDATE pgring.moves SET state = 'ABORTING', reason = ?, changed = pg_catalog.clock_timestamp()"
                            + " WHERE state = 'PLANNED'",
                    "move " + from.id() + ", which belongs to it, was aborted");
        });
    }

    /** Shards that are to leave, own nothing any more and have no part in an open move. */
    List<String> left() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = home.createStatement();
                ResultSet row = statement.executeQuery("SELECT s.name FROM pgring.shards s WHERE " + LEFT)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    /** Nothing is sent to the shard any more. @return the version of the topology; 0 if it is no longer about to leave */
    long detach(String shard) throws SQLException {
        return inTransaction(() -> {
            int gone = update("UPDATE pgring.shards s SET state = 'gone' WHERE s.name = ? AND " + LEFT, shard);
            return gone == 0 ? 0 : TopologyCatalog.publish(home);
        });
    }

    /** Whether nothing is sent to the shard of a name. */
    boolean isGone(String shard) throws SQLException {
        try (PreparedStatement statement =
                home.prepareStatement("SELECT 1 FROM pgring.shards WHERE name = ? AND state = 'gone'")) {
            statement.setString(1, shard);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Notes how much is done, if the move is still where it was. */
    void note(JournalEntry entry, Progress progress) throws SQLException, JournalConflictException {
        int changed = update(
                PROGRESS,
                progress.rowsTotal(),
                progress.rowsCopied(),
                progress.bytesCopied(),
                progress.rowsDeleted(),
                progress.pauseMicrosMax(),
                entry.id(),
                entry.state().name(),
                entry.mover());
        if (changed == 0) {
            throw conflict(entry);
        }
    }

    /** The sharded and reference tables that the catalog has: those of the last configuration file, and what SQL has declared. */
    List<TableConfiguration> tables() throws SQLException {
        return DeclaredTables.read(home, ConfiguredTables.read(home)).settled();
    }

    /** Whether all proxies that are alive have the same tables in their configuration files. */
    boolean areProxiesAlike() throws SQLException {
        return ProxyRows.areAlike(home);
    }

    /** Says why a move does not get on, if it is still where it was. */
    void explain(JournalEntry entry, String reason) throws SQLException {
        update(
                "UPDATE pgring.moves SET reason = ? WHERE id = ? AND state = ? AND mover = ?",
                reason,
                entry.id(),
                entry.state().name(),
                entry.mover());
    }

    /** The version of the topology that the catalog is at. */
    long version() throws SQLException {
        return TopologyCatalog.version(home);
    }

    /** A change of {@code pgring.shards} alone. @return the version of the topology */
    long change(More more) throws SQLException {
        return inTransaction(() -> {
            more.run();
            return TopologyCatalog.publish(home);
        });
    }

    private JournalConflictException conflict(JournalEntry expected) throws SQLException {
        JournalEntry found = read(expected.id());
        if (found.mover() != expected.mover()) {
            throw new StaleMoverException("move " + expected.id() + " is another mover's");
        }
        return new JournalConflictException("move " + expected.id() + " is " + found.state());
    }

    /** What a transaction does besides. */
    interface More {
        void run() throws SQLException;
    }

    private interface Work {
        long run() throws SQLException;
    }

    private long inTransaction(Work work) throws SQLException {
        home.setAutoCommit(false);
        try (Statement statement = home.createStatement()) {
            statement.execute(DURABLY);
            long result = work.run();
            home.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            home.rollback();
            throw e;
        } finally {
            if (!home.isClosed()) {
                home.setAutoCommit(true);
            }
        }
    }

    private int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = home.prepareStatement(sql)) {
            set(statement, parameters);
            return statement.executeUpdate();
        }
    }

    private List<JournalEntry> read(String sql, @Nullable Object... parameters) throws SQLException {
        List<JournalEntry> entries = new ArrayList<>();
        try (PreparedStatement statement = home.prepareStatement(sql)) {
            set(statement, parameters);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
        }
        return entries;
    }

    private static void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    private static JournalEntry entry(ResultSet row) throws SQLException {
        Progress progress = new Progress(
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11),
                row.getLong(12),
                instant(row.getTimestamp(13)),
                row.getTimestamp(14).toInstant(),
                instant(row.getTimestamp(15)));
        PlannedMove planned = new PlannedMove(row.getString(2), row.getString(3), Arcs.parse(row.getString(4)));
        return new JournalEntry(
                row.getLong(1),
                planned,
                MoveState.valueOf(row.getString(5)),
                row.getString(6),
                row.getLong(7),
                progress);
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
