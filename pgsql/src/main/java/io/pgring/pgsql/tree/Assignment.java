package io.pgring.pgsql.tree;

import java.util.List;

/** {@code column = value}, or {@code (columns) = row or subquery}. */
public record Assignment(List<ColumnTarget> columns, Expression value, int start, int end) implements Node {
    public Assignment {
        columns = List.copyOf(columns);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(columns, value);
    }
}
