package io.pgring.pgsql.spread;

import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;

/** A query whose rows all arise on one shard or another, on its way to a {@link Scatter}. */
record ScatterQuery(
        Select select, QueryBody.Simple body, ShardedFrom from, Outputs outputs, RowLimits limits, Source source) {
    Relations relations() {
        return from.relations();
    }

    /** Whether columns can be put behind the select list: there is one, which TABLE has not. */
    boolean isExtensible() {
        return !body.targets().isEmpty()
                && body.targets().get(0).end() > body.targets().get(0).start();
    }

    SpliceList splices() {
        return new SpliceList(source.tokens());
    }

    static boolean isNullsFirst(io.pgring.pgsql.tree.SortKey key) {
        Boolean said = key.nullsFirst();
        return said == null ? key.descending() : said;
    }
}
