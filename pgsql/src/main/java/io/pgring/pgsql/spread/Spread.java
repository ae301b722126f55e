package io.pgring.pgsql.spread;

import org.jspecify.annotations.Nullable;

/**
 * How a statement that is not bound to one shard can be run; at least one way is there.
 *
 * @param scatter on each shard, or on just those of its keys when it is bound to several
 * @param gather on the home shard, in PostgreSQL itself
 */
public record Spread(@Nullable Scatter scatter, @Nullable Gather gather) {
    public Spread {
        if (scatter == null && gather == null) {
            throw new IllegalArgumentException("a spread has at least one way");
        }
    }
}
