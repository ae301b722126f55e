package io.pgring.pgsql.spread;

import java.util.List;

/**
 * Each shard runs the statement, and the replies are combined.
 *
 * @param splices make the text for the shards
 * @param visible make the text for shards that may have rows which count on another one; the same splices while no rows are moved
 * @param writes whether it changes or locks rows
 */
public record Scatter(List<Splice> splices, List<Splice> visible, Combination combination, boolean writes) {
    public Scatter {
        splices = List.copyOf(splices);
        visible = List.copyOf(visible);
    }

    /** One for which all shards run the same. */
    public Scatter(List<Splice> splices, Combination combination, boolean writes) {
        this(splices, splices, combination, writes);
    }

    /** The same with another text for shards that may have rows which count on another one. */
    Scatter withVisible(List<Splice> others) {
        return new Scatter(splices, others, combination, writes);
    }
}
