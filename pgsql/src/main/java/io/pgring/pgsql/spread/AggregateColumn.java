package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;

/**
 * One column of the result of aggregates, made of what each shard sends. Columns are counted as in {@link SortKey}.
 *
 * @param column the value that each shard sends; its sum for AVG
 * @param countColumn how many values are in that sum; of no meaning unless AVG
 * @param type of the aggregate's argument
 */
public record AggregateColumn(Kind kind, int column, int countColumn, ColumnType type) {
    /** How the values of the shards become one. */
    public enum Kind {
        /** All are equal: one is passed on. */
        GROUP_KEY,
        COUNT,
        SUM,
        MIN,
        MAX,
        AVG,
        BOOL_AND,
        BOOL_OR
    }
}
