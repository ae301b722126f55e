package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** UPDATE. */
public record Update(
        @Nullable With with,
        FromItem.TableReference table,
        List<Assignment> assignments,
        List<FromItem> from,
        @Nullable Expression where,
        List<QueryBody.Target> returning,
        int start,
        int end)
        implements Statement {
    public Update {
        assignments = List.copyOf(assignments);
        from = List.copyOf(from);
        returning = List.copyOf(returning);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(with, table, assignments, from, where, returning);
    }
}
