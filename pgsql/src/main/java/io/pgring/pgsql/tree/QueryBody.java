package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands between WITH and ORDER BY. */
public sealed interface QueryBody extends Node {
    /**
     * SELECT ... FROM ... WHERE ...; {@code TABLE t} is {@code SELECT * FROM t}.
     *
     * @param distinctOn the expressions of DISTINCT ON; empty for plain DISTINCT
     */
    record Simple(
            boolean distinct,
            List<Expression> distinctOn,
            List<Target> targets,
            @Nullable Into into,
            List<FromItem> from,
            @Nullable Expression where,
            List<Expression> groupBy,
            @Nullable Expression having,
            List<WindowDefinition> windows,
            int start,
            int end)
            implements QueryBody {
        public Simple {
            distinctOn = List.copyOf(distinctOn);
            targets = List.copyOf(targets);
            from = List.copyOf(from);
            groupBy = List.copyOf(groupBy);
            windows = List.copyOf(windows);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(distinctOn, targets, from, where, groupBy, having, windows);
        }
    }

    /** VALUES (..), (..). */
    record Values(List<Expression.Row> rows, int start, int end) implements QueryBody {
        public Values {
            rows = List.copyOf(rows);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(rows);
        }
    }

    /** A query in parentheses. */
    record Parenthesized(Select query, int start, int end) implements QueryBody {
        @Override
        public List<Node> children() {
            return List.of(query);
        }
    }

    /** A chain from left to right: {@code operands[0] operations[0] operands[1] ...}; INTERSECT chains are operands of the others. */
    record SetOperation(List<QueryBody> operands, List<Operation> operations, int start, int end) implements QueryBody {
        /** Which, and whether ALL. */
        public record Operation(Kind kind, boolean all) {
            /** PostgreSQL's set operations. */
            public enum Kind {
                UNION,
                INTERSECT,
                EXCEPT
            }
        }

        public SetOperation {
            operands = List.copyOf(operands);
            operations = List.copyOf(operations);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operands);
        }
    }

    /** One item of a select list or of RETURNING. */
    record Target(Expression expression, @Nullable Name label, int start, int end) implements Node {
        @Override
        public List<Node> children() {
            return List.of(expression);
        }
    }

    /** INTO [TEMP] table. */
    record Into(boolean temporary, QualifiedName table, int start, int end) {}
}
