package io.pgring.pgsql.spread;

import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayDeque;
import java.util.Deque;

/** Queries inside of an INSERT. */
final class Queries {
    private Queries() {}

    /** Whether it has none besides its source. */
    static boolean areNone(Insert insert) {
        Deque<Node> pending = new ArrayDeque<>(insert.children());
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node instanceof Select && node != insert.source()) {
                return false;
            }
            node.children().forEach(pending::push);
        }
        return true;
    }
}
