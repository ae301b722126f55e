package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import io.pgring.proxy.topology.ShardedTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a move has on its source, all in schema {@code pgring} and named by its number:
 *
 * <pre>
 *   outbox_7_a1               primary keys of rows of a table that were written; a row commits with the write itself
 *   capture_7_a1()              trigger function that appends to it
 *   truncated_7()              trigger function that refuses TRUNCATE
 *   gate_7                     a sequence: 1 open, 2 shut
 * </pre>
 *
 * The trigger function looks at the arcs itself, not a WHEN clause: the server would read the text of that anew for each statement, also for
 * statements on other keys. It takes a shared advisory lock until its transaction ends, prepared ones included. So who gets the exclusive lock
 * knows that all writers of the arcs have ended, and makes nobody else wait. The gate is a sequence because its value is read as it
 * is, whatever the snapshot of a transaction.
 *
 * <p>An outbox has columns of the key's own types, so that nothing is lost in a text, and is only ever appended to: were a key that is there
 * already left out, it could be taken before the second writer commits.
 */
final class Capture {
    /** First half of the advisory lock: "ring" in ASCII. */
    private static final int LOCK_CLASS = 0x7269_6e67;

    private static final String FUNCTION = """
            CREATE FUNCTION pgring.%1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $pgring$
            DECLARE
                pgring_before boolean := false;
                pgring_after boolean := false;
            BEGIN
                IF TG_OP OPERATOR(pg_catalog.<>) 'INSERT' THEN
                    pgring_before := %2$s;
                END IF;
                IF TG_OP OPERATOR(pg_catalog.<>) 'DELETE' THEN
                    pgring_after := %3$s;
                END IF;
                IF pgring_before IS NOT TRUE AND pgring_after IS NOT TRUE THEN
                    RETURN NULL;
                END IF;
                IF pg_catalog.current_setting('pgring.moving', true) OPERATOR(pg_catalog.<>) '' THEN
                    IF (SELECT f.mover::pg_catalog.text FROM pgring.fence f)
                            OPERATOR(pg_catalog.=) pg_catalog.current_setting('pgring.moving', true) THEN
                        RETURN NULL;
                    END IF;
                END IF;
                PERFORM pg_catalog.pg_advisory_xact_lock_shared(%4$d, %5$d);
                IF (SELECT g.last_value FROM pgring.%6$s g) OPERATOR(pg_catalog.<>) 1 THEN
                    RAISE EXCEPTION 'rows of table "%%" have moved to another shard', TG_TABLE_NAME
                        USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Write to them through the proxy.';
                END IF;
                IF pgring_before THEN
                    INSERT INTO pgring.%7$s (%8$s) VALUES (%9$s);
                END IF;
                IF pgring_after THEN
                    IF pgring_before THEN
                        IF ROW(%9$s)::pg_catalog.record OPERATOR(pg_catalog.*=) ROW(%10$s)::pg_catalog.record THEN
                            RETURN NULL;
                        END IF;
                    END IF;
                    INSERT INTO pgring.%7$s (%8$s) VALUES (%10$s);
                END IF;
                RETURN NULL;
            END $pgring$
            """;

    private static final String TRUNCATED = """
            CREATE OR REPLACE FUNCTION pgring.%s() RETURNS trigger LANGUAGE plpgsql AS $pgring$
            BEGIN
                RAISE EXCEPTION 'table "%%" can''t be truncated while rows of it are moved', TG_TABLE_NAME
                    USING ERRCODE = 'object_in_use', HINT = 'Wait for the end of the move, or abort it.';
            END $pgring$
            """;

    private static final String TRIGGERS = """
            SELECT pg_catalog.format('%%I.%%I', n.nspname, c.relname), pg_catalog.format('%%I', t.tgname)
            FROM pg_catalog.pg_trigger t
            JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace AND f.nspname = 'pgring'
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE p.proname ~ '%s' AND t.tgparentid = 0
            ORDER BY t.oid
            """;

    /** By the id of the table, which is the last part of the function's name. */
    private static final String CAPTURED = """
            SELECT DISTINCT pg_catalog.split_part(p.proname, '_', 3), t.tgrelid::pg_catalog.regclass::pg_catalog.text
            FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            WHERE p.pronamespace = 'pgring'::pg_catalog.regnamespace AND p.proname ~ '^capture_%d_[0-9a-f]+$'
              AND t.tgparentid = 0
            """;

    private static final String OBJECTS = """
            SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END || pg_catalog.format(' pgring.%%I', c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'pgring' AND c.relkind IN ('r', 'S') AND c.relname ~ '%1$s'
            UNION ALL
            SELECT pg_catalog.format('FUNCTION pgring.%%I()', p.proname)
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'pgring' AND p.proname ~ '%2$s'
            """;

    private final ShardSession source;
    private final long move;
    private final Arcs arcs;
    private boolean locked;

    Capture(ShardSession source, long move, Arcs arcs) {
        this.source = source;
        this.move = move;
        this.arcs = arcs;
    }

    /** Makes what is needed before the first table. */
    void prepare() throws SQLException, InterruptedException {
        source.define(List.of(
                "CREATE SEQUENCE IF NOT EXISTS pgring." + gate() + " MAXVALUE 2 CYCLE",
                TRUNCATED.formatted("truncated_" + move)));
    }

    /** From the commit of this on, all writes to rows of the arcs are in the outbox; all that wrote before have committed. */
    void create(MovedTable table) throws SQLException, InterruptedException {
        List<String> ddl = new ArrayList<>();
        String function = "capture_" + move + "_" + table.id();
        ddl.add("CREATE TABLE " + outbox(table) + " AS SELECT " + table.keyList("t") + " FROM " + table.sql()
                + " AS t WITH NO DATA");
        ddl.add("ALTER TABLE " + outbox(table)
                + " ADD pgring_number pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
        ddl.add(FUNCTION.formatted(
                function,
                table.onArcs("OLD", arcs),
                table.onArcs("NEW", arcs),
                LOCK_CLASS,
                (int) move,
                gate(),
                "outbox_" + move + "_" + table.id(),
                table.keyNames(),
                table.keyList("OLD"),
                table.keyList("NEW")));
        ddl.add("REVOKE ALL ON FUNCTION pgring." + function + "() FROM PUBLIC");
        ddl.add("CREATE TRIGGER pgring_capture_" + move + " AFTER INSERT OR UPDATE OR DELETE ON " + table.sql()
                + " FOR EACH ROW EXECUTE FUNCTION pgring." + function + "()");
        for (String member : table.family()) {
            ddl.add("ALTER TABLE " + member + " ENABLE ALWAYS TRIGGER pgring_capture_" + move);
            ddl.add("CREATE TRIGGER pgring_truncate_" + move + " BEFORE TRUNCATE ON " + member
                    + " FOR EACH STATEMENT EXECUTE FUNCTION pgring.truncated_" + move + "()");
            ddl.add("ALTER TABLE " + member + " ENABLE ALWAYS TRIGGER pgring_truncate_" + move);
        }
        source.define(ddl);
    }

    /**
     * A mover that goes on must know all tables of the one that has begun.
     *
     * @throws KnownTables.DifferenceException if it does not
     */
    void requireKnown(List<ShardedTable> known) throws SQLException {
        Set<String> ids = known.stream().map(MovedTable::id).collect(Collectors.toSet());
        for (List<@Nullable String> row : source.rows(CAPTURED.formatted(move))) {
            if (!ids.contains(row.get(0))) {
                throw new KnownTables.DifferenceException("this proxy does not know table " + row.get(1)
                        + ", of which rows are being moved: the tables of its configuration file are others");
            }
        }
    }

    /** Drops everything of this move, if it is there. */
    void remove() throws SQLException, InterruptedException {
        remove(source, Long.toString(move));
    }

    /** Drops what moves have left on a shard, on which no move is open. */
    static void removeAll(ShardSession session) throws SQLException, InterruptedException {
        remove(session, "[0-9]+");
    }

    private static void remove(ShardSession session, String moves) throws SQLException, InterruptedException {
        String functions = "^(capture_" + moves + "_[0-9a-f]+|truncated_" + moves + ")$";
        for (List<@Nullable String> row : session.rows(TRIGGERS.formatted(functions))) {
            // One at a time: a lock on every table at once is harder to get.
            session.define(List.of("DROP TRIGGER IF EXISTS " + row.get(1) + " ON " + row.get(0)));
        }
        String relations = "^(outbox_" + moves + "_[0-9a-f]+|(gate|cursors)_" + moves + ")$";
        List<String> drops = session.rows(OBJECTS.formatted(relations, functions)).stream()
                .map(row -> "DROP " + Objects.requireNonNull(row.get(0)))
                .collect(Collectors.toCollection(ArrayList::new));
        if (!drops.isEmpty()) {
            session.define(drops);
        }
    }

    /** How many keys are in the outboxes, up to a limit: those of the same row count each time. */
    long waiting(List<MovedTable> tables, int most) throws SQLException {
        long waiting = 0;
        for (MovedTable table : tables) {
            String count =
                    source.value("SELECT count(*) FROM (SELECT FROM " + outbox(table) + " LIMIT " + most + ") AS o");
            waiting += Long.parseLong(Objects.requireNonNull(count));
        }
        return waiting;
    }

    /**
     * Waits until no transaction that has written to the arcs is open, prepared ones included; later ones wait until {@link #unlock}.
     *
     * @return false if that takes too long
     */
    boolean lock(Duration most) throws SQLException {
        source.execute("SET lock_timeout = " + Math.max(1, most.toMillis()));
        try {
            source.execute("SELECT pg_catalog.pg_advisory_lock(" + lockKey() + ")");
            locked = true;
        } catch (SQLException e) {
            if (!"55P03".equals(e.getSQLState())) {
                throw e;
            }
        }
        source.execute("SET lock_timeout = '5s'");
        return locked;
    }

    /** Lets writers go on. */
    void unlock() throws SQLException {
        if (locked) {
            locked = false;
            source.execute("SELECT pg_catalog.pg_advisory_unlock(" + lockKey() + ")");
        }
    }

    private String lockKey() {
        return LOCK_CLASS + ", " + (int) move;
    }

    /** Refuses writes to the arcs, or takes them again; within a transaction, but not undone with it. */
    void setGate(boolean open) throws SQLException {
        if (source.value("SELECT pg_catalog.to_regclass('pgring." + gate() + "')") != null) {
            source.execute("SELECT pg_catalog.setval('pgring." + gate() + "', " + (open ? 1 : 2) + ")");
        }
    }

    private String gate() {
        return "gate_" + move;
    }

    /** The outbox of a table. */
    String outbox(MovedTable table) {
        return "pgring.outbox_" + move + "_" + table.id();
    }
}
