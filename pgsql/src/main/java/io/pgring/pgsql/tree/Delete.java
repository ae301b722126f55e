package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** DELETE. */
public record Delete(
        @Nullable With with,
        FromItem.TableReference table,
        List<FromItem> using,
        @Nullable Expression where,
        List<QueryBody.Target> returning,
        int start,
        int end)
        implements Statement {
    public Delete {
        using = List.copyOf(using);
        returning = List.copyOf(returning);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(with, table, using, where, returning);
    }
}
