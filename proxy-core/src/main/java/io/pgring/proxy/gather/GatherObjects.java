package io.pgring.proxy.gather;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and renews on all shards what it takes to gather rows on the home shard. Each server is changed in one transaction, the home shard
 * last: when it is done, all that its views read is there.
 */
public final class GatherObjects implements Gathering.Maker {
    private static final Logger LOG = LoggerFactory.getLogger(GatherObjects.class);

    private static final String MEMBERS = "SELECT name FROM pgring.shards WHERE state <> 'gone' ORDER BY position";

    /** Statements wait meanwhile that read the view. */
    private static final int VISIBLE_LOCK_MILLIS_MAX = 300;

    private final ShardAccess access;
    private final PoolConfiguration pool;

    /** @param pool how long a connection may take */
    public GatherObjects(ShardAccess access, PoolConfiguration pool) {
        this.access = access;
        this.pool = pool;
    }

    /** What is found on the way. */
    private static final class Findings {
        final List<GatheredTable> tables = new ArrayList<>();
        final Map<String, String> refused = new HashMap<>();
        final Map<String, List<String>> collationVersions = new HashMap<>();
        final Map<Integer, String> identities = new HashMap<>();
    }

    @Override
    public Gathering ensure(Topology topology) {
        Shard at = topology.home();
        try {
            Findings findings = readHome(topology);
            boolean writable = !topology.placement().moves().isEmpty();
            List<Shard> others =
                    topology.members().subList(1, topology.members().size());
            for (Shard shard : others) {
                at = shard;
                ensureOther(topology, shard, findings, writable);
            }
            at = topology.home();
            try (Ddl ddl = begin(at)) {
                checkShards(ddl, topology);
                Set<String> views = new HomeObjects(ddl, others, writable)
                        .ensure(topology.catalog(), findings.tables, findings.identities, pool, findings.refused);
                ddl.commit();
                LOG.info("statements can be gathered tables={} views={}", findings.tables.size(), views.size());
                return new Gathering(null, findings.refused, views);
            }
        } catch (GatherException e) {
            return Gathering.unavailable(String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            return Gathering.unavailable("Shard \"" + at.name() + "\" says: " + reason(e) + ".");
        }
    }

    /** Others may know of shards that this proxy has not heard of yet: views without them must not take the place of those with them. */
    private static void checkShards(Ddl home, Topology topology) throws SQLException, GatherException {
        List<String> known = topology.members().stream().map(Shard::name).toList();
        if (topology.placement().version() > 0 && !known.equals(home.column(MEMBERS))) {
            throw new GatherException("The shards have just changed.");
        }
    }

    @Override
    public boolean ensureVisible(Topology topology) throws SQLException {
        Placement placement = topology.placement();
        boolean all = true;
        for (Shard shard : topology.members()) {
            boolean hides = placement.hidesRowsOn(shard);
            boolean soon = !placement.hidesRows() && placement.moves().stream().anyMatch(move -> move.concerns(shard));
            if (hides || soon) {
                try {
                    ensureVisible(topology, shard);
                } catch (SQLException e) {
                    if (!isUnreachable(e)) {
                        throw e;
                    }
                    LOG.info("views can't be looked at yet shard={} reason=\"{}\"", shard.name(), reason(e));
                    all &= !hides;
                }
            }
        }
        return all;
    }

    private void ensureVisible(Topology topology, Shard shard) throws SQLException {
        try (Ddl ddl = begin(shard)) {
            ddl.execute("SET LOCAL lock_timeout = " + VISIBLE_LOCK_MILLIS_MAX);
            VisibleObjects.ensureViews(ddl, allTables(ddl, topology), true);
            ddl.commit();
        }
    }

    /** It has no answer, or is about to end or to start. */
    private static boolean isUnreachable(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }

    private static List<GatheredTable> allTables(Ddl ddl, Topology topology) throws SQLException {
        TableReader reader = new TableReader(ddl);
        List<GatheredTable> tables = new ArrayList<>();
        for (ShardedTable table : topology.catalog().sharded()) {
            tables.add(reader.table(table));
        }
        return tables;
    }

    private Ddl begin(Shard shard) throws SQLException {
        return Ddl.begin(access.open(shard.configuration(), pool), Ddl.GATHER_LOCK);
    }

    private Findings readHome(Topology topology) throws SQLException {
        Findings findings = new Findings();
        try (Ddl ddl = begin(topology.home())) {
            TableReader reader = new TableReader(ddl);
            for (ShardedTable table : topology.catalog().sharded()) {
                String name = table.definition().qualifiedName();
                String refusal = reader.refusal(table);
                if (refusal == null) {
                    findings.tables.add(reader.table(table));
                    findings.collationVersions.put(name, reader.collationVersions(table));
                } else {
                    findings.refused.put(name, refusal);
                }
            }
        }
        return findings;
    }

    private void ensureOther(Topology topology, Shard shard, Findings findings, boolean writable) throws SQLException {
        try (Ddl ddl = begin(shard)) {
            TableReader reader = new TableReader(ddl);
            for (ShardedTable table : topology.catalog().sharded()) {
                String name = table.definition().qualifiedName();
                List<String> versions = findings.collationVersions.get(name);
                if (versions != null && !versions.equals(reader.collationVersions(table))) {
                    findings.refused.put(
                            name,
                            "Shard \"" + shard.name() + "\" has other versions of the collations of table \"" + name
                                    + "\" than the home shard, and may order its text otherwise.");
                } else if (reader.refusal(table) != null) {
                    findings.refused.put(name, String.valueOf(reader.refusal(table)));
                }
            }
            findings.tables.removeIf(table -> findings.refused.containsKey(table.qualifiedName()));
            Set<String> taken = new HashSet<>(findings.identities.values());
            if (!writable) {
                for (String refused : refused(topology, findings)) {
                    ddl.execute(GatheredTable.dropVisible(refused));
                }
            }
            findings.identities.put(shard.index(), VisibleObjects.ensure(ddl, findings.tables, writable, taken));
            ddl.commit();
        }
    }

    /** The views of tables that can't be gathered: they were there while rows were moved. */
    private static List<String> refused(Topology topology, Findings findings) {
        return topology.catalog().sharded().stream()
                .map(ShardedTable::definition)
                .filter(table -> findings.refused.containsKey(table.qualifiedName()))
                .map(table -> GatherNames.relation(table.schema(), table.name()))
                .toList();
    }

    private static String reason(SQLException e) {
        ServerErrorMessage error = e instanceof PSQLException failed ? failed.getServerErrorMessage() : null;
        String message = String.valueOf(error == null ? e.getMessage() : error.getMessage());
        String detail = error == null || error.getDetail() == null ? "" : ": " + error.getDetail();
        return (message + detail)
                .lines()
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .replaceFirst("\\.$", "");
    }
}
