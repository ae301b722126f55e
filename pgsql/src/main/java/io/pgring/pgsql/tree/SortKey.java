package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of ORDER BY.
 *
 * @param using the operator of USING
 * @param nullsFirst null when not said
 */
public record SortKey(
        Expression expression,
        boolean descending,
        @Nullable Operator using,
        @Nullable Boolean nullsFirst,
        int start,
        int end)
        implements Node {
    @Override
    public List<Node> children() {
        return List.of(expression);
    }
}
