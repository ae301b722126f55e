package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item of FROM or USING. */
public sealed interface FromItem extends Node {
    /**
     * {@code AS name (columns)}.
     *
     * @param typed whether the columns carry types: a column definition list
     */
    record Alias(Name name, List<Name> columns, boolean typed) {
        public Alias {
            columns = List.copyOf(columns);
        }
    }

    @Nullable
    Alias alias();

    /**
     * A table, view or common table by name.
     *
     * @param extras expressions of TABLESAMPLE
     */
    record TableReference(
            QualifiedName name, boolean only, @Nullable Alias alias, List<Expression> extras, int start, int end)
            implements FromItem {
        public TableReference {
            extras = List.copyOf(extras);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(extras);
        }
    }

    /** A query in parentheses. */
    record SubqueryReference(
            Select query, boolean lateral, @Nullable Alias alias, int start, int end) implements FromItem {
        @Override
        public List<Node> children() {
            return List.of(query);
        }
    }

    /** Function calls; also ROWS FROM, XMLTABLE and JSON_TABLE. */
    record FunctionReference(
            List<Expression> functions,
            boolean lateral,
            boolean ordinality,
            @Nullable Alias alias,
            int start,
            int end) implements FromItem {
        public FunctionReference {
            functions = List.copyOf(functions);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(functions);
        }
    }

    /** {@code left JOIN right}. */
    record Join(
            FromItem left,
            Kind kind,
            FromItem right,
            Condition condition,
            @Nullable Alias alias,
            int start,
            int end) implements FromItem {
        /** Kinds of joins; CROSS has no condition. */
        public enum Kind {
            CROSS,
            INNER,
            LEFT,
            RIGHT,
            FULL
        }

        /** ON, USING or NATURAL; nothing for CROSS JOIN. */
        public record Condition(
                @Nullable Expression on,
                List<Name> using,
                @Nullable Name usingAlias,
                boolean natural) {
            public Condition {
                using = List.copyOf(using);
            }
        }

        @Override
        public List<Node> children() {
            return Nodes.of(left, right, condition.on());
        }
    }
}
