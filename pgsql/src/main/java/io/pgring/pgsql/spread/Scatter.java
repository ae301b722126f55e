package io.pgring.pgsql.spread;

import java.util.List;

/**
 * Each shard runs the statement, and the replies are combined.
 *
 * @param splices make the text for the shards
 * @param writes whether it changes or locks rows
 */
public record Scatter(List<Splice> splices, Combination combination, boolean writes) {
    public Scatter {
        splices = List.copyOf(splices);
    }
}
