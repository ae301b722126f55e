package io.pgring.pgsql.spread;

import java.util.List;

/**
 * The home shard runs the statement over the views of schema {@code pgring_gather}, which hold the rows of all shards.
 *
 * @param splices put the views in the place of the tables
 * @param writes whether it changes rows, of unsharded tables
 */
public record Gather(List<Splice> splices, boolean writes) {
    public Gather {
        splices = List.copyOf(splices);
    }
}
