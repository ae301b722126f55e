package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Unparsed;
import io.pgring.pgsql.tree.Update;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes the tables, keys and functions of every node of a statement. */
final class TreeWalk {
    private final Findings findings;

    TreeWalk(Findings findings) {
        this.findings = findings;
    }

    void walk(Node root) {
        ScopedWalk.walk(root, this::visit);
    }

    private void visit(Node node, CommonTables visible) {
        if (node instanceof Select select) {
            if (!select.locking().isEmpty()) {
                locking(select, visible);
            }
        } else if (node instanceof QueryBody.Simple simple) {
            simple(simple, visible);
        } else if (node instanceof Insert insert) {
            insert(insert);
        } else if (node instanceof Update update) {
            update(update, visible);
        } else if (node instanceof Delete delete) {
            delete(delete, visible);
        } else if (node instanceof Merge merge) {
            merge(merge, visible);
        } else if (node instanceof Other || node instanceof Unparsed) {
            findings.obstacle("The statement holds a part that is not understood.");
        } else if (node instanceof Expression expression) {
            expression(expression);
        }
    }

    private void locking(Select select, CommonTables visible) {
        findings.writes();
        String reason = new LockedTables(findings.catalog(), visible).reasonAgainst(select);
        if (reason != null) {
            findings.hindrance(reason);
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

    private void simple(QueryBody.Simple simple, CommonTables visible) {
        QueryBody.Into into = simple.into();
        if (into != null) {
            findings.writes();
            findings.hindrance("SELECT INTO would create a table on one shard alone.");
            if (into.temporary()) {
                findings.state(SessionState.TEMPORARY_TABLE);
            }
            if (findings.target(into.table()) != null) {
                findings.obstacle("SELECT INTO names a sharded table.");
            }
        }
        FromScope scope = new FromScope(findings, visible);
        scope.add(simple.from());
        scope.bind(simple.where());
    }

    private void insert(Insert insert) {
        findings.writes();
        TableClass.Sharded table = findings.target(insert.table());
        if (table != null) {
            new InsertKeys(findings, table).find(insert);
            refuseDrawn(
                    table,
                    insert.onConflict() == null
                            ? List.of()
                            : insert.onConflict().assignments());
        }
    }

    private void refuseDrawn(TableClass.@Nullable Sharded table, List<Assignment> assignments) {
        String column = table == null ? null : DrawnDefaults.assigned(assignments, table);
        if (table != null && column != null) {
            findings.refuse(DrawnDefaults.reason(column, table));
        }
    }

    private void refuseDrawn(TableClass.Sharded table, Merge.When when) {
        String column = when.action() == Merge.Action.INSERT ? DrawnDefaults.in(when, table) : null;
        if (column != null) {
            findings.refuse(DrawnDefaults.reason(column, table));
        }
        refuseDrawn(table, when.assignments());
    }

    private void update(Update update, CommonTables visible) {
        findings.writes();
        FromScope scope = new FromScope(findings, visible);
        if (update.table().name().name().equals("pg_settings")) {
            // Its rule calls set_config().
            findings.state(SessionState.SET_CONFIG);
        }
        TableClass.Sharded table = scope.addTarget(update.table(), update.from());
        if (table != null && KeyAssignment.isIn(update.assignments(), table)) {
            assignKey(update, table);
        }
        refuseDrawn(table, update.assignments());
        scope.bind(update.where());
    }

    /** Rows stay where they are if the new key lies on the same shard as the old ones. */
    private void assignKey(Update update, TableClass.Sharded table) {
        KeyValue value = KeyAssignment.value(update.assignments(), table);
        if (value == null || update.where() instanceof Expression.CurrentOf) {
            findings.refuse(KeyAssignment.reason(table));
        } else {
            findings.insert(table, List.of(value));
        }
    }

    private void delete(Delete delete, CommonTables visible) {
        findings.writes();
        FromScope scope = new FromScope(findings, visible);
        scope.addTarget(delete.table(), delete.using());
        scope.bind(delete.where());
    }

    private void merge(Merge merge, CommonTables visible) {
        findings.writes();
        TableClass.Sharded table = findings.target(merge.table().name());
        FromScope source = new FromScope(findings, visible);
        source.add(List.of(merge.source()));
        // ON does not bind the source: a row that it leaves out is one that is NOT MATCHED.
        source.bind(null);
        if (table != null) {
            merge.whens().forEach(when -> refuseDrawn(table, when));
            new MergeKeys(findings, table, merge).find();
        }
    }
}
