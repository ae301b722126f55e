package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** WITH [RECURSIVE]. */
public record With(boolean recursive, List<CommonTable> tables, int start, int end) implements Node {
    /**
     * {@code name (columns) AS [NOT MATERIALIZED] (statement)}.
     *
     * @param extras expressions of SEARCH and CYCLE
     */
    public record CommonTable(
            Name name,
            List<Name> columns,
            @Nullable Boolean materialized,
            Statement statement,
            List<Expression> extras,
            int start,
            int end)
            implements Node {
        public CommonTable {
            columns = List.copyOf(columns);
            extras = List.copyOf(extras);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(statement, extras);
        }
    }

    public With {
        tables = List.copyOf(tables);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(tables);
    }
}
