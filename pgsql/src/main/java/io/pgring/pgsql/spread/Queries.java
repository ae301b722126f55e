package io.pgring.pgsql.spread;

import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Update;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** Queries and other statements inside of a statement. */
final class Queries {
    private Queries() {}

    /** Whether an INSERT has none besides its source. */
    static boolean areNone(Insert insert) {
        return insert.children().stream()
                .noneMatch(child -> any(child, node -> node instanceof Select && node != insert.source()));
    }

    /** Whether it is the command TABLE, which has no select list. */
    static boolean isTableCommand(QueryBody.Simple simple) {
        return simple.targets().size() == 1
                && simple.targets().get(0).end() == simple.targets().get(0).start();
    }

    /** Whether a part of a statement changes or locks rows. */
    static boolean change(Node statement) {
        return statement.children().stream().anyMatch(child -> any(child, Queries::changes));
    }

    private static boolean changes(Node node) {
        return node instanceof Insert
                || node instanceof Update
                || node instanceof Delete
                || node instanceof Merge
                || (node instanceof Select select && !select.locking().isEmpty());
    }

    /** Whether a node or one inside of it is such. */
    static boolean any(Node root, Predicate<Node> such) {
        Deque<Node> pending = new ArrayDeque<>();
        pending.push(root);
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (such.test(node)) {
                return true;
            }
            node.children().forEach(pending::push);
        }
        return false;
    }
}
