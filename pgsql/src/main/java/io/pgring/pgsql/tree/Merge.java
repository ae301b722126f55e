package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** MERGE. */
public record Merge(
        @Nullable With with,
        FromItem.TableReference table,
        FromItem source,
        Expression on,
        List<When> whens,
        List<QueryBody.Target> returning,
        int start,
        int end)
        implements Statement {
    /** Which rows a WHEN clause is about. */
    public enum Match {
        MATCHED,
        /** Rows of the source without one of the target. */
        NOT_MATCHED,
        /** Rows of the target without one of the source. */
        NOT_MATCHED_BY_SOURCE
    }

    /** What a WHEN clause does. */
    public enum Action {
        INSERT,
        UPDATE,
        DELETE,
        DO_NOTHING
    }

    /**
     * A WHEN clause.
     *
     * @param condition behind AND
     * @param assignments of UPDATE
     * @param columns of INSERT; empty when there is no list
     * @param values of INSERT; null for DEFAULT VALUES
     */
    public record When(
            Match match,
            @Nullable Expression condition,
            Action action,
            List<Assignment> assignments,
            List<ColumnTarget> columns,
            Expression.@Nullable Row values,
            int start,
            int end)
            implements Node {
        public When {
            assignments = List.copyOf(assignments);
            columns = List.copyOf(columns);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(condition, assignments, columns, values);
        }
    }

    public Merge {
        whens = List.copyOf(whens);
        returning = List.copyOf(returning);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(with, table, source, on, whens, returning);
    }
}
