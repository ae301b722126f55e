package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings rows to the shard that owns them, which somebody has written past the proxy or brought along. A row whose primary key is there
 * already is left where it is, unless it is the same row: which of two is right only a person can say.
 *
 * <p>Works as a mover does, and in its place: as long as it holds the mover's lock nobody moves rows. The target commits first: what is done
 * twice does no harm. Blocks: for control threads.
 */
public final class RowRepair {
    private static final int CHUNK_ROWS = 2_000;

    private final Supplier<Topology> topology;
    private final ShardAccess access;
    private final PoolConfiguration pool;

    /** @param topology the one of the moment */
    public RowRepair(Supplier<Topology> topology, ShardAccess access, PoolConfiguration pool) {
        this.topology = topology;
        this.access = access;
        this.pool = pool;
    }

    /**
     * What was done for a table on a shard.
     *
     * @param moved rows that are where they belong now
     * @param left rows that stay, since another one with their primary key is there
     */
    public record Repaired(String table, String shard, long moved, long left) {}

    /**
     * Brings them there.
     *
     * @param findings which tables on which shards
     */
    public List<Repaired> run(List<Verification.Finding> findings)
            throws SQLException, RingChangeException, InterruptedException {
        Topology now = topology.get();
        MoverLock taken =
                MoverLock.take(access.open(now.home().configuration(), pool), MoverSettings.DEFAULT.frozenAfter());
        if (taken == null) {
            throw new RingChangeException("55006", "rows are being moved", null, "Try again when that is over.");
        }
        try (MoverLock lock = taken;
                Connection home = access.open(now.home().configuration(), pool)) {
            if (!new MoveJournal(home).open().isEmpty()) {
                throw new RingChangeException("55006", "rows are being moved", null, "Try again when that is over.");
            }
            long token = lock.takeOver();
            List<Repaired> repaired = new ArrayList<>();
            for (Verification.Finding finding : findings) {
                if (finding.misplaced() > 0) {
                    repaired.add(repair(topology.get(), finding, token));
                }
            }
            return repaired;
        }
    }

    private Repaired repair(Topology now, Verification.Finding finding, long token)
            throws SQLException, RingChangeException, InterruptedException {
        ShardedTable table = now.catalog().sharded().stream()
                .filter(one -> one.qualifiedName().equals(finding.table()))
                .findFirst()
                .orElseThrow();
        long moved = 0;
        long left = 0;
        for (Shard owner : now.members()) {
            Arcs arcs = owner.name().equals(finding.shard()) ? Arcs.NONE : Arcs.of(now.arcsOf(owner));
            if (!arcs.isEmpty()) {
                Repaired part = bring(now, table, finding.shard(), owner, arcs, token);
                moved += part.moved();
                left += part.left();
            }
        }
        return new Repaired(finding.table(), finding.shard(), moved, Math.max(left, finding.misplaced() - moved));
    }

    private Repaired bring(Topology now, ShardedTable table, String from, Shard owner, Arcs arcs, long token)
            throws SQLException, RingChangeException, InterruptedException {
        Shard misplaced = now.members().stream()
                .filter(shard -> shard.name().equals(from))
                .findFirst()
                .orElseThrow();
        try (ShardSession source = open(misplaced, token);
                ShardSession target = open(owner, token)) {
            source.takeOver();
            target.takeOver();
            MovedTable rows = inspect(source, target, table);
            long moved = 0;
            long left = 0;
            @Nullable List<String> lower = null;
            do {
                List<String> upper = RowMove.upper(source, rows, lower, CHUNK_ROWS);
                long[] done =
                        chunk(source, target, rows, rows.between("t", lower, upper) + " AND " + rows.onArcs("t", arcs));
                moved += done[1];
                left += done[0] - done[1];
                lower = upper;
            } while (lower != null);
            return new Repaired(table.qualifiedName(), from, moved, left);
        }
    }

    private ShardSession open(Shard shard, long token) throws SQLException {
        return new ShardSession(shard, access.open(shard.configuration(), pool), token);
    }

    private static MovedTable inspect(ShardSession source, ShardSession target, ShardedTable table)
            throws SQLException, RingChangeException {
        try {
            MovedTable rows = TableInspection.read(source, List.of(table)).get(0);
            for (ShardSession session : List.of(source, target)) {
                TableInspection.findOperators(session, List.of(rows));
                for (String sql : rows.createStages()) {
                    session.execute(sql);
                }
            }
            return rows;
        } catch (MoveRefusedException e) {
            throw new RingChangeException("55000", String.valueOf(e.getMessage()), null, null);
        }
    }

    /**
     * How many rows are misplaced, and how many of these are where they belong now. Between the two commits, that of the owner first, a row is on
     * both: what counts all rows in that moment counts it twice.
     */
    private static long[] chunk(ShardSession source, ShardSession target, MovedTable rows, String which)
            throws SQLException, InterruptedException {
        String query =
                "SELECT " + rows.writtenList("t") + " FROM " + rows.sql() + " AS t WHERE " + which + " FOR UPDATE";
        return source.transaction(() -> target.transaction(() -> {
            Transfer read = Transfer.copy(source, query, target, rows.stage() + " (" + rows.writtenNames() + ")");
            if (read.rows() == 0) {
                return new long[] {0, 0};
            }
            target.execute("INSERT INTO " + rows.sql() + " (" + rows.writtenNames()
                    + ") OVERRIDING SYSTEM VALUE SELECT " + rows.writtenList("r") + " FROM " + rows.stage()
                    + " AS r ON CONFLICT DO NOTHING");
            String same = "SELECT " + rows.keyList("r") + " FROM " + rows.stage() + " AS r JOIN " + rows.sql()
                    + " AS t ON " + rows.sameKey("t", "r") + " WHERE ROW(" + rows.writtenList("t")
                    + ")::pg_catalog.text = ROW(" + rows.writtenList("r") + ")::pg_catalog.text";
            Transfer.copy(target, same, source, rows.keys() + " (" + rows.keyNames() + ")");
            long deleted = source.update("DELETE FROM " + rows.sql() + " AS t USING " + rows.keys() + " AS k WHERE "
                    + rows.sameKey("t", "k") + " AND " + which);
            return new long[] {read.rows(), deleted};
        }));
    }
}
