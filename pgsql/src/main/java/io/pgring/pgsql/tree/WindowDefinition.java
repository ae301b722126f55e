package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window of OVER or WINDOW.
 *
 * @param name its own name in the WINDOW clause, or the name after OVER; null for an anonymous one
 * @param base the existing window that it copies
 * @param frame the offsets of its frame
 */
public record WindowDefinition(
        @Nullable Name name,
        @Nullable Name base,
        List<Expression> partitionBy,
        List<SortKey> orderBy,
        List<Expression> frame,
        int start,
        int end)
        implements Node {
    public WindowDefinition {
        partitionBy = List.copyOf(partitionBy);
        orderBy = List.copyOf(orderBy);
        frame = List.copyOf(frame);
    }

    @Override
    public List<Node> children() {
        return Nodes.of(partitionBy, orderBy, frame);
    }
}
