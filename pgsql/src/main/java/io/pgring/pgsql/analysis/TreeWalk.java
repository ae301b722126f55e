package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Unparsed;
import io.pgring.pgsql.tree.Update;
import io.pgring.pgsql.tree.With;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Visits every node of a statement, each with the common tables that it can see, and notes tables, keys and functions. Works on a
 * list of what is left to visit rather than by recursion: a tree may be deeper than the stack.
 */
final class TreeWalk {
    private record Visit(Node node, CommonTables visible) {}

    private final Findings findings;
    private final Deque<Visit> pending = new ArrayDeque<>();

    TreeWalk(Findings findings) {
        this.findings = findings;
    }

    void walk(Node root) {
        pending.push(new Visit(root, CommonTables.NONE));
        while (!pending.isEmpty()) {
            Visit visit = pending.pop();
            visit(visit.node(), visit.visible());
        }
    }

    private void later(@Nullable Node node, CommonTables visible) {
        if (node != null) {
            pending.push(new Visit(node, visible));
        }
    }

    private void later(List<? extends Node> nodes, CommonTables visible) {
        for (Node node : nodes) {
            pending.push(new Visit(node, visible));
        }
    }

    private void visit(Node node, CommonTables visible) {
        if (node instanceof Select select) {
            select(select, visible);
        } else if (node instanceof QueryBody.Simple simple) {
            simple(simple, visible);
        } else if (node instanceof Insert insert) {
            insert(insert, visible);
        } else if (node instanceof Update update) {
            update(update, visible);
        } else if (node instanceof Delete delete) {
            delete(delete, visible);
        } else if (node instanceof Other || node instanceof Unparsed) {
            findings.obstacle("The statement holds a part that is not understood.");
        } else {
            if (node instanceof Expression expression) {
                expression(expression);
            }
            later(node.children(), visible);
        }
    }

    private void expression(Expression expression) {
        if (expression instanceof Expression.FunctionCall call) {
            findings.function(call.name().name());
        } else if (expression instanceof Expression.Special special) {
            findings.function(special.name());
        } else if (expression instanceof Expression.Operation operation) {
            operation.operators().forEach(operator -> findings.function(operator.symbol()));
        } else if (expression instanceof Expression.Comparison comparison) {
            findings.function(comparison.operator().symbol());
        } else if (expression instanceof Expression.Prefix prefix) {
            findings.function(prefix.operator().symbol());
        } else if (expression instanceof Expression.Quantified quantified) {
            findings.function(quantified.operator().symbol());
        } else if (expression instanceof Expression.ColumnReference column
                && column.names().size() > 1
                && !column.star()) {
            List<Name> names = column.names();
            findings.function(names.get(names.size() - 1).value());
        } else if (expression instanceof Expression.FieldSelection selection && selection.field() != null) {
            findings.function(selection.field().value());
        }
    }

    /**
     * Visits the statements of WITH.
     *
     * @return what the statement behind it sees
     */
    private CommonTables with(@Nullable With with, CommonTables outer) {
        if (with == null) {
            return outer;
        }
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

    private void select(Select select, CommonTables outer) {
        CommonTables visible = with(select.with(), outer);
        if (!select.locking().isEmpty()) {
            findings.writes();
        }
        later(select.body(), visible);
        later(select.orderBy(), visible);
        later(select.limit(), visible);
        later(select.offset(), visible);
    }

    private void simple(QueryBody.Simple simple, CommonTables visible) {
        QueryBody.Into into = simple.into();
        if (into != null) {
            findings.writes();
            findings.hindrance("SELECT INTO would create a table on one shard alone.");
            if (into.temporary()) {
                findings.state(SessionState.TEMPORARY_TABLE);
            }
            if (findings.table(into.table()) != null) {
                findings.obstacle("SELECT INTO names a sharded table.");
            }
        }
        FromScope scope = new FromScope(findings, visible);
        scope.add(simple.from());
        scope.bind(simple.where());
        for (Node node : simple.children()) {
            later(node, visible);
        }
    }

    private void insert(Insert insert, CommonTables outer) {
        findings.writes();
        CommonTables visible = with(insert.with(), outer);
        TableClass.Sharded table = findings.table(insert.table());
        if (table != null) {
            new InsertKeys(findings, table).find(insert);
        }
        later(insert.columns(), visible);
        later(insert.source(), visible);
        later(insert.onConflict(), visible);
        later(insert.returning(), visible);
    }

    private void update(Update update, CommonTables outer) {
        findings.writes();
        CommonTables visible = with(update.with(), outer);
        FromScope scope = new FromScope(findings, visible);
        if (update.table().name().name().equals("pg_settings")) {
            // Its rule calls set_config().
            findings.state(SessionState.SET_CONFIG);
        }
        TableClass.Sharded table = scope.addTarget(update.table(), update.from());
        if (table != null && KeyAssignment.isIn(update.assignments(), table)) {
            findings.refuse(KeyAssignment.reason(table));
        }
        scope.bind(update.where());
        later(update.assignments(), visible);
        later(fromNodes(update.from()), visible);
        later(update.where(), visible);
        later(update.returning(), visible);
    }

    private void delete(Delete delete, CommonTables outer) {
        findings.writes();
        CommonTables visible = with(delete.with(), outer);
        FromScope scope = new FromScope(findings, visible);
        scope.addTarget(delete.table(), delete.using());
        scope.bind(delete.where());
        later(fromNodes(delete.using()), visible);
        later(delete.where(), visible);
        later(delete.returning(), visible);
    }

    private static List<Node> fromNodes(List<FromItem> items) {
        return new ArrayList<>(items);
    }
}
