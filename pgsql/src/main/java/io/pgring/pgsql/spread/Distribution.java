package io.pgring.pgsql.spread;

import java.util.List;
import java.util.stream.Stream;

/**
 * How the rows of an item of FROM are spread over the shards: every one is on the shard of its keys.
 *
 * @param keyed the sharded tables in it; none when every shard has all of its rows
 * @param solid those of them that no outer join extends with NULLs
 */
record Distribution(List<Relation> keyed, List<Relation> solid) {
    static final Distribution REPLICATED = new Distribution(List.of(), List.of());

    static Distribution of(Relation relation) {
        return relation.isSharded() ? new Distribution(List.of(relation), List.of(relation)) : REPLICATED;
    }

    boolean isSharded() {
        return !keyed.isEmpty();
    }

    Distribution join(Distribution other) {
        return new Distribution(both(keyed, other.keyed), both(solid, other.solid));
    }

    /** Of an outer join that keeps the rows of this side. */
    Distribution outerJoin(Distribution nullable) {
        return new Distribution(both(keyed, nullable.keyed), solid);
    }

    private static List<Relation> both(List<Relation> left, List<Relation> right) {
        return Stream.concat(left.stream(), right.stream()).toList();
    }
}
