package io.pgring.proxy.admin;

import io.pgring.proxy.topology.ShardedTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many rows of a sharded table a shard has.
 *
 * @param name schema and table
 * @param rows null when they could not be counted
 * @param exact whether they were counted, and just now; otherwise it is PostgreSQL's estimate, or an old number
 */
record TableRows(String name, @Nullable Long rows, boolean exact) {

    static TableRows unknown(String name) {
        return new TableRows(name, null, false);
    }

    static List<TableRows> unknown(List<ShardedTable> tables) {
        return tables.stream()
                .map(table -> unknown(table.definition().qualifiedName()))
                .toList();
    }

    /** The same, after some time. */
    TableRows stale() {
        return new TableRows(name, rows, false);
    }
}
