package io.pgring.pgsql.spread;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The home shard runs the statement over the views of schema {@code pgring_gather}, which hold the rows of all shards.
 *
 * @param splices put the views in the place of the tables
 * @param writes whether it changes rows, of unsharded tables
 * @param ship how the home shard runs it as a part of a transaction, whose other parts it can't see; null if it can't
 */
public record Gather(
        List<Splice> splices, boolean writes, @Nullable Ship ship) {
    public Gather {
        splices = List.copyOf(splices);
    }
}
