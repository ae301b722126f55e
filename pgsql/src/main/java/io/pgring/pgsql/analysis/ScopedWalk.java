package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Update;
import io.pgring.pgsql.tree.With;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Visits every node of a tree, each with the common tables that it can see. Works on a list of what is left to visit rather than by
 * recursion: a tree may be deeper than the stack.
 */
final class ScopedWalk {
    /** What is done at a node. */
    interface Visitor {
        /**
         * A node, before what is below it.
         *
         * @param visible the common tables that it sees, those of its own WITH included
         */
        void visit(Node node, CommonTables visible);
    }

    private record Visit(Node node, CommonTables visible) {}

    private final Visitor visitor;
    private final Deque<Visit> pending = new ArrayDeque<>();

    private ScopedWalk(Visitor visitor) {
        this.visitor = visitor;
    }

    static void walk(Node root, Visitor visitor) {
        ScopedWalk walk = new ScopedWalk(visitor);
        walk.pending.push(new Visit(root, CommonTables.NONE));
        while (!walk.pending.isEmpty()) {
            Visit visit = walk.pending.pop();
            walk.visit(visit.node(), visit.visible());
        }
    }

    private void visit(Node node, CommonTables outer) {
        With with = withOf(node);
        CommonTables visible = with == null ? outer : with(with, outer);
        visitor.visit(node, visible);
        for (Node child : node.children()) {
            if (child != with) {
                pending.push(new Visit(child, visible));
            }
        }
    }

    private static @Nullable With withOf(Node node) {
        if (node instanceof Select select) {
            return select.with();
        }
        if (node instanceof Insert insert) {
            return insert.with();
        }
        if (node instanceof Update update) {
            return update.with();
        }
        if (node instanceof Merge merge) {
            return merge.with();
        }
        return node instanceof Delete delete ? delete.with() : null;
    }

    /**
     * Notes the statements of WITH.
     *
     * @return what the statement behind it sees
     */
    private CommonTables with(With with, CommonTables outer) {
        CommonTables all = outer;
        for (With.CommonTable table : with.tables()) {
            all = all.plus(table.name().value());
        }
        CommonTables before = outer;
        for (With.CommonTable table : with.tables()) {
            later(table.children(), with.recursive() ? all : before);
            before = before.plus(table.name().value());
        }
        return all;
    }

    private void later(List<Node> nodes, CommonTables visible) {
        for (Node node : nodes) {
            pending.push(new Visit(node, visible));
        }
    }
}
