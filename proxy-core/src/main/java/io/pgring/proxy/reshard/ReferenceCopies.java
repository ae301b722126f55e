package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Membership;
import io.pgring.proxy.topology.ReferenceTable;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Looks whether every shard has the rows of each reference table that the home shard has: somebody may have written past the proxy.
 *
 * <p>Blocks, for as long as it takes: for control threads.
 */
public final class ReferenceCopies {
    private static final int ATTEMPTS = 5;

    private final Supplier<Topology> topology;
    private final Furnishing furnishing;

    /** @param topology the one of the moment */
    public ReferenceCopies(Supplier<Topology> topology, Furnishing furnishing) {
        this.topology = topology;
        this.furnishing = furnishing;
    }

    /**
     * The rows of a reference table on a shard.
     *
     * @param same whether they are those of the home shard
     */
    public record Copy(String table, String shard, boolean same) {}

    /**
     * Compares each shard with the home shard.
     *
     * @throws SQLException if a shard can't be reached, or shards come and go each time: to be tried again later
     */
    public List<Copy> look() throws SQLException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Topology before = topology.get();
            List<Copy> copies = new ArrayList<>();
            for (Shard shard : before.members()) {
                if (before.placement().membershipOf(shard) != Membership.JOINING && !shard.equals(before.home())) {
                    compare(shard, before.catalog(), copies);
                }
            }
            if (topology.get().placement().version() == before.placement().version()) {
                return copies;
            }
        }
        throw new SQLException("shards come and go while reference tables are compared", "55006");
    }

    private void compare(Shard shard, Catalog catalog, List<Copy> copies) throws SQLException, InterruptedException {
        List<String> differing = furnishing.differing(shard.configuration(), catalog);
        for (ReferenceTable table : catalog.references()) {
            String name = table.qualifiedName();
            copies.add(new Copy(name, shard.name(), !differing.contains(name)));
        }
    }
}
