package io.pgring.pgsql.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers children of a node: nulls are left out, lists are flattened. */
final class Nodes {
    private Nodes() {}

    static List<Node> of(@Nullable Object... parts) {
        List<Node> nodes = new ArrayList<>();
        for (Object part : parts) {
            add(nodes, part);
        }
        return nodes;
    }

    private static void add(List<Node> nodes, @Nullable Object part) {
        if (part instanceof Node node) {
            nodes.add(node);
        } else if (part instanceof List<?> list) {
            for (Object element : list) {
                add(nodes, element);
            }
        }
    }
}
