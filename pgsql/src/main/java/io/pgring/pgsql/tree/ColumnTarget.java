package io.pgring.pgsql.tree;

import java.util.List;

/**
 * A column to be written.
 *
 * @param whole false for {@code column[1]} and {@code column.field}
 * @param indirection the expressions of subscripts
 */
public record ColumnTarget(Name column, boolean whole, List<Expression> indirection, int start, int end)
        implements Node {
    public ColumnTarget {
        indirection = List.copyOf(indirection);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(indirection);
    }
}
