package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a move on their way from the source to the target. One thread does all of it in turn, so that chunks and drains can't race:
 *
 * <pre>
 *   chunk     rows of a range of primary keys that lie on the arcs: inserted unless they are there; with them the end of the range
 *   drain     keys out of the outbox, and those rows as they are now: deleted and inserted again. The target commits first:
 *             what is done twice does no harm
 *   compare   count and sum of hashes of a range, without rows whose keys are in the outbox at the same moment
 *   delete    rows of a range that lie on the arcs, on the source or the target
 * </pre>
 *
 * A chunk may leave a row out because a unique constraint of the target holds it against an older version of another row. One of the two has
 * been written since that was copied, so that the outbox has both in the end. For the same reason a drain appends keys again whose rows the
 * target would not take yet.
 */
final class RowMove {
    private final long move;
    private final Arcs arcs;
    private final ShardSession source;
    private final ShardSession target;
    private final Capture capture;
    private final Reached targetCommitted;

    /** @param targetCommitted runs between the commits of a drain on the target and on the source */
    RowMove(JournalEntry entry, ShardSession source, ShardSession target, Capture capture, Reached targetCommitted) {
        this.move = entry.id();
        this.arcs = entry.arcs();
        this.source = source;
        this.target = target;
        this.capture = capture;
        this.targetCommitted = targetCommitted;
    }

    /** Something to do at a point. */
    interface Reached {
        void run() throws SQLException, InterruptedException;
    }

    /** Makes on the target the table that says how far chunks are. */
    void createCursors() throws SQLException, InterruptedException {
        target.define(List.of("CREATE TABLE IF NOT EXISTS " + cursors()
                + " (relation pg_catalog.text PRIMARY KEY, upper pg_catalog.text[], done boolean NOT NULL)"));
    }

    /** Drops it. */
    void dropCursors() throws SQLException, InterruptedException {
        target.define(List.of("DROP TABLE IF EXISTS " + cursors()));
    }

    /** Whether rows of the target may be this move's. */
    boolean hasCursors() throws SQLException {
        return target.value("SELECT pg_catalog.to_regclass('" + cursors() + "')") != null;
    }

    private String cursors() {
        return "pgring.cursors_" + move;
    }

    /** Where rows are staged, on both sides. */
    void createStages(List<MovedTable> tables) throws SQLException {
        for (MovedTable table : tables) {
            for (String sql : table.createStages()) {
                source.execute(sql);
                target.execute(sql);
            }
        }
    }

    /**
     * How far chunks of a table are.
     *
     * @param upper null before the first
     */
    record Cursor(@Nullable List<String> upper, boolean done) {
        static final Cursor START = new Cursor(null, false);
    }

    /** Where the next chunk of a table begins. */
    Cursor cursor(MovedTable table) throws SQLException {
        StringBuilder values = new StringBuilder();
        for (int i = 1; i <= table.key().size(); i++) {
            values.append(", upper[").append(i).append(']');
        }
        List<List<@Nullable String>> rows = target.rows("SELECT done" + values + " FROM " + cursors()
                + " WHERE relation = " + ShardSession.literal(table.qualifiedName()));
        if (rows.isEmpty()) {
            return Cursor.START;
        }
        List<@Nullable String> row = rows.get(0);
        boolean done = "t".equals(row.get(0));
        return new Cursor(done ? null : key(row.subList(1, row.size())), done);
    }

    /** The end of the next range of a table; null when it has none, but goes on to the last row. */
    static @Nullable List<String> upper(ShardSession session, MovedTable table, @Nullable List<String> lower, int rows)
            throws SQLException {
        List<List<@Nullable String>> found = session.rows(table.upperKey(lower, rows));
        return found.isEmpty() ? null : key(found.get(0));
    }

    private static List<String> key(List<@Nullable String> values) {
        List<String> key = new ArrayList<>();
        values.forEach(value -> key.add(Objects.requireNonNull(value)));
        return key;
    }

    /** Copies the rows of the next range, from what the target says. */
    Transfer copyChunk(MovedTable table, Cursor from, int rows) throws SQLException, InterruptedException {
        return source.transaction(() -> {
            List<String> upper = upper(source, table, from.upper(), rows);
            String query = "SELECT " + table.writtenList("t") + " FROM " + table.sql() + " AS t WHERE "
                    + table.between("t", from.upper(), upper) + " AND " + table.onArcs("t", arcs);
            return target.transaction(() -> {
                Transfer read = Transfer.copy(source, query, target, table.stage() + " (" + table.writtenNames() + ")");
                if (read.rows() > 0) {
                    insertStaged(table);
                }
                target.execute("INSERT INTO " + cursors() + " AS c (relation, upper, done) VALUES ("
                        + ShardSession.literal(table.qualifiedName()) + ", " + array(upper) + ", " + (upper == null)
                        + ") ON CONFLICT (relation) DO UPDATE SET upper = excluded.upper, done = excluded.done");
                return read;
            });
        });
    }

    private static String array(@Nullable List<String> values) {
        return values == null
                ? "NULL"
                : "ARRAY["
                        + String.join(
                                ", ", values.stream().map(ShardSession::literal).toList()) + "]::pg_catalog.text[]";
    }

    private long insertStaged(MovedTable table) throws SQLException {
        return target.update("INSERT INTO " + table.sql() + " (" + table.writtenNames()
                + ") OVERRIDING SYSTEM VALUE SELECT " + table.writtenList("r") + " FROM " + table.stage()
                + " AS r ON CONFLICT DO NOTHING");
    }

    /**
     * Takes keys out of the outbox of a table.
     *
     * @return how many; 0 when it is empty; the rows and bytes that went over
     * @throws MoveRefusedException if the target has not what the source has: it must not go on
     */
    Drained drain(MovedTable table, int most) throws SQLException, InterruptedException, MoveRefusedException {
        Drained drained = source.transaction(() -> drainWithin(table, most));
        if (!drained.same()) {
            throw new MoveRefusedException("rows of table " + table.qualifiedName() + " came out otherwise on shard \""
                    + target.shard().name() + "\"");
        }
        return drained;
    }

    /**
     * What a drain has done.
     *
     * @param taken entries of the outbox
     * @param same whether the rows are the same on both shards
     */
    record Drained(long taken, Transfer rows, boolean same) {}

    private Drained drainWithin(MovedTable table, int most) throws SQLException, InterruptedException {
        String outbox = capture.outbox(table);
        long taken = source.update(
                "WITH taken AS (DELETE FROM " + outbox + " AS o WHERE o.pgring_number IN (SELECT i.pgring_number FROM "
                        + outbox + " AS i ORDER BY i.pgring_number LIMIT " + most + ") RETURNING " + table.keyList("o")
                        + ") INSERT INTO " + table.keys() + " SELECT " + table.keyNames() + " FROM taken");
        if (taken == 0) {
            return new Drained(0, new Transfer(0, 0), true);
        }
        String keys = "(SELECT DISTINCT " + table.keyList("k") + " FROM " + table.keys() + " AS k) AS k";
        String found = " FROM " + table.sql() + " AS t JOIN " + keys + " ON " + table.sameKey("t", "k") + " WHERE "
                + table.onArcs("t", arcs);
        Drained drained = target.transaction(() -> {
            String keysOfTarget = table.keys() + " (" + table.keyNames() + ")";
            Transfer.copy(source, "SELECT " + table.keyList("k") + " FROM " + keys, target, keysOfTarget);
            Transfer read = Transfer.copy(
                    source,
                    "SELECT " + table.writtenList("t") + found,
                    target,
                    table.stage() + " (" + table.writtenNames() + ")");
            target.update("DELETE FROM " + table.sql() + " AS t USING " + table.keys() + " AS k WHERE "
                    + table.sameKey("t", "k") + " AND " + table.onArcs("t", arcs));
            long inserted = insertStaged(table);
            if (inserted < read.rows()) {
                appendRefused(table, outbox);
                return new Drained(taken, read, true);
            }
            String sums = sums(table) + found;
            return new Drained(taken, read, source.rows(sums).equals(target.rows(sums)));
        });
        if (drained.same()) {
            targetCommitted.run();
        }
        return drained;
    }

    /** Keys whose rows the target has not taken because of an older version of others. */
    private void appendRefused(MovedTable table, String outbox) throws SQLException {
        Transfer.copy(
                target,
                "SELECT " + table.keyList("r") + " FROM " + table.stage() + " AS r WHERE NOT EXISTS (SELECT FROM "
                        + table.sql() + " AS t WHERE " + table.sameKey("t", "r") + ")",
                source,
                outbox + " (" + table.keyNames() + ")");
    }

    private static String sums(MovedTable table) {
        return "SELECT pg_catalog.count(*), pg_catalog.sum(" + table.hash("t") + "::pg_catalog.numeric)";
    }

    /**
     * Compares a range that has been copied. Rows that are in the outbox at that moment are left out on both sides: they are compared when they
     * are drained.
     */
    boolean isSame(MovedTable table, @Nullable List<String> lower, @Nullable List<String> upper)
            throws SQLException, InterruptedException {
        String outbox = capture.outbox(table);
        String rows = sums(table) + " FROM " + table.sql() + " AS t WHERE " + table.between("t", lower, upper) + " AND "
                + table.onArcs("t", arcs) + " AND NOT EXISTS (SELECT FROM ";
        return source.transaction(() -> target.transaction(() -> {
            Transfer.copy(
                    source,
                    "SELECT " + table.keyList("o") + " FROM " + outbox + " AS o",
                    target,
                    table.keys() + " (" + table.keyNames() + ")");
            String onSource = rows + outbox + " AS o WHERE " + table.sameKey("o", "t") + ")";
            String onTarget = rows + table.keys() + " AS o WHERE " + table.sameKey("o", "t") + ")";
            return source.rows(onSource).equals(target.rows(onTarget));
        }));
    }

    /** Deletes the rows of a range, on the source or the target. @return how many */
    long delete(ShardSession from, MovedTable table, @Nullable List<String> lower, @Nullable List<String> upper)
            throws SQLException, InterruptedException {
        return from.transaction(() -> from.update("DELETE FROM " + table.sql() + " AS t WHERE "
                + table.between("t", lower, upper) + " AND " + table.onArcs("t", arcs)));
    }
}
