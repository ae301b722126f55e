package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT.
 *
 * @param columns empty when there is no column list
 * @param overriding null without OVERRIDING
 * @param source null for DEFAULT VALUES
 */
public record Insert(
        @Nullable With with,
        QualifiedName table,
        @Nullable Name alias,
        List<ColumnTarget> columns,
        @Nullable Overriding overriding,
        @Nullable Select source,
        @Nullable OnConflict onConflict,
        List<QueryBody.Target> returning,
        int start,
        int end)
        implements Statement {
    /** Of OVERRIDING ... VALUE, which values of identity columns count. */
    public enum Overriding {
        /** Those of the statement. */
        SYSTEM,
        /** Those of the sequence. */
        USER
    }

    /**
     * ON CONFLICT.
     *
     * @param inference expressions of the arbiter, with its WHERE last
     * @param constraint of ON CONSTRAINT
     */
    public record OnConflict(
            List<Expression> inference,
            @Nullable Name constraint,
            boolean doUpdate,
            List<Assignment> assignments,
            @Nullable Expression where,
            int start,
            int end)
            implements Node {
        public OnConflict {
            inference = List.copyOf(inference);
            assignments = List.copyOf(assignments);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(inference, assignments, where);
        }
    }

    public Insert {
        columns = List.copyOf(columns);
        returning = List.copyOf(returning);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(with, columns, source, onConflict, returning);
    }
}
