package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;

/**
 * A column by which rows are sorted.
 *
 * @param column of what the shards send: from 0 counted from the first, below 0 from the last (-1 is the last)
 */
public record SortKey(int column, ColumnType type, boolean descending, boolean nullsFirst) {}
