package io.pgring.proxy.fanout;

import io.pgring.pgsql.spread.Combination;

/** How many replies become one. */
public sealed interface Reply {
    /**
     * Rows.
     *
     * @param limit rows at most; -1 without
     * @param offset rows to leave out before
     */
    record Rows(Combination combination, long limit, long offset) implements Reply {}

    /** The numbers in the tags are added up. RETURNING gives rows in any order. */
    record Counted() implements Reply {}

    /** All shards say the same: the first one is heard. */
    record Same() implements Reply {}
}
