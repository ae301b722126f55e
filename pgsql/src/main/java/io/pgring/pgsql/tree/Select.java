package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query: SELECT, VALUES, TABLE or a set operation, with what may follow it. Also the query inside parentheses.
 *
 * @param limit the row count of LIMIT or FETCH FIRST; null for none and for LIMIT ALL; a {@code Special} named {@code fetch first row} when
 *     FETCH leaves the count out, which means 1
 * @param withTies FETCH FIRST ... WITH TIES
 */
public record Select(
        @Nullable With with,
        QueryBody body,
        List<SortKey> orderBy,
        @Nullable Expression limit,
        @Nullable Expression offset,
        boolean withTies,
        List<Locking> locking,
        int start,
        int end)
        implements Statement {
    public Select {
        orderBy = List.copyOf(orderBy);
        locking = List.copyOf(locking);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(with, body, orderBy, limit, offset, locking);
    }
}
