package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.tree.Expression;
import org.jspecify.annotations.Nullable;

/**
 * A column of the result.
 *
 * @param label its name; null if PostgreSQL's choice is not known here
 * @param expression null for a column of {@code *}
 * @param column the column of a sharded table that it is; null if it is something else
 * @param type as far as it is known, else OTHER
 * @param index from 0, or -1 if a star stands before it or is it: then it depends on the table's definition
 */
record Output(
        @Nullable String label,
        @Nullable Expression expression,
        @Nullable Column column,
        ColumnType type,
        int index) {}
