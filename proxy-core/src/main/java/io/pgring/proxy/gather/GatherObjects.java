package io.pgring.proxy.gather;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Gathering;
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
            List<Shard> others = topology.shards().subList(1, topology.shards().size());
            for (Shard shard : others) {
                at = shard;
                ensureOther(topology, shard, findings);
            }
            at = topology.home();
            try (Ddl ddl = begin(at)) {
                Set<String> views = new HomeObjects(ddl, others)
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

    private void ensureOther(Topology topology, Shard shard, Findings findings) throws SQLException {
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
            findings.identities.put(shard.index(), VisibleObjects.ensure(ddl, findings.tables, taken));
            ddl.commit();
        }
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
