package io.pgring.proxy.reshard;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Membership;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.ReferenceTable;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks whether every shard has the rows of each reference table that the home shard has: somebody may have written past the proxy.
 *
 * <p>Blocks, for as long as it takes: for control threads.
 */
public final class ReferenceCopies {
    private final Supplier<Topology> topology;
    private final ShardAccess access;
    private final PoolConfiguration pool;
    private final Furnishing furnishing;

    /** @param topology the one of the moment */
    public ReferenceCopies(
            Supplier<Topology> topology, ShardAccess access, PoolConfiguration pool, Furnishing furnishing) {
        this.topology = topology;
        this.access = access;
        this.pool = pool;
        this.furnishing = furnishing;
    }

    /**
     * The rows of a reference table on a shard.
     *
     * @param same whether they are those of the home shard
     */
    public record Copy(String table, String shard, boolean same) {}

    /** Compares. Reads each table once on each shard. */
    public List<Copy> look() throws SQLException, InterruptedException {
        Topology now = topology.get();
        List<Copy> copies = new ArrayList<>();
        for (Shard shard : now.members()) {
            if (now.placement().membershipOf(shard) == Membership.MEMBER && !shard.equals(now.home())) {
                List<String> differing = furnishing.differing(shard.configuration(), now.catalog());
                for (ReferenceTable table : now.catalog().references()) {
                    String name = table.qualifiedName();
                    copies.add(new Copy(name, shard.name(), !differing.contains(name)));
                }
            }
        }
        return copies;
    }

    /**
     * Makes those that differ the same as on the home shard, while nobody writes to them. Nobody else changes tables or shards meanwhile.
     *
     * @param found of {@link #look}
     */
    public void repair(List<Copy> found) throws SQLException, RingChangeException, InterruptedException {
        Set<String> shards = new LinkedHashSet<>();
        found.stream().filter(copy -> !copy.same()).forEach(copy -> shards.add(copy.shard()));
        Topology now = topology.get();
        try (Connection home = access.open(now.home().configuration(), pool)) {
            home.setNetworkTimeout(Runnable::run, 0);
            ShardAdministration.lockOrRefuse(home);
            Placement placement = topology.get().placement();
            for (Shard shard : placement.members()) {
                if (shards.contains(shard.name()) && placement.membershipOf(shard) == Membership.MEMBER) {
                    furnishing.complete(shard.configuration(), now.catalog());
                }
            }
        }
    }
}
