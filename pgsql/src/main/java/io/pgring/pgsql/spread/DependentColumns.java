package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.SortKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns that GROUP BY leaves out because they depend on the primary key of their table, which is in it (manual, "SELECT", GROUP BY
 * Clause). What takes the table's place has no primary key. To group by them as well changes no group, whether they are used outside of
 * aggregates or not.
 */
final class DependentColumns {
    private final QueryBody.Simple block;
    private final byte[] text;
    private final List<Expression.ColumnReference> used = new ArrayList<>();
    private final StringBuilder sql = new StringBuilder();
    private boolean wholeRow;

    private DependentColumns(QueryBody.Simple block, List<SortKey> orderBy, byte[] text) {
        this.block = block;
        this.text = text;
        Deque<Node> pending = new ArrayDeque<>(block.targets());
        pending.addAll(orderBy);
        pending.addAll(block.distinctOn());
        pending.addAll(block.windows());
        if (block.having() != null) {
            pending.add(block.having());
        }
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node instanceof Expression.ColumnReference column) {
                used.add(column);
            }
            node.children().forEach(pending::push);
        }
    }

    /**
     * What is to be added to GROUP BY: a comma before each column; empty if nothing. Null if a whole row depends on it, which can't be
     * added.
     *
     * @param orderBy of the query whose body the block is
     */
    static @Nullable String of(QueryBody.Simple block, List<SortKey> orderBy, TableUses uses, byte[] text) {
        if (block.groupBy().isEmpty() || block.groupBy().stream().anyMatch(DependentColumns::isSet)) {
            return "";
        }
        DependentColumns dependents = new DependentColumns(block, orderBy, text);
        block.from().forEach(item -> dependents.add(item, uses));
        return dependents.wholeRow ? null : dependents.sql.toString();
    }

    /** Grouping sets have groups without some of their columns. */
    private static boolean isSet(Expression item) {
        return item instanceof Expression.Special
                || item instanceof Expression.Row
                || (item instanceof Expression.FunctionCall call
                        && Set.of("rollup", "cube").contains(call.name().name()));
    }

    /** Recursion is as deep as joins are nested, which the parser limits. */
    private void add(FromItem item, TableUses uses) {
        if (item instanceof FromItem.Join join) {
            add(join.left(), uses);
            add(join.right(), uses);
        } else if (item instanceof FromItem.TableReference reference) {
            TableUses.Use use = uses.read(reference);
            if (use != null && use.table() instanceof TableClass.Sharded table) {
                add(table, Relation.sharded(table, reference));
            }
        }
    }

    private void add(TableClass.Sharded table, Relation relation) {
        Set<String> grouped = new LinkedHashSet<>();
        block.groupBy().forEach(item -> grouped.addAll(columns(meant(item), relation)));
        boolean whole = !table.primaryKey().isEmpty();
        for (String column : table.primaryKey()) {
            whole &= grouped.contains(relation.columns().get(table.columns().indexOf(column)));
        }
        if (!whole) {
            return;
        }
        Set<String> wanted = new LinkedHashSet<>();
        used.forEach(column -> wanted.addAll(columns(column, relation)));
        wholeRow |= used.stream().anyMatch(column -> isRow(column, relation));
        wanted.removeAll(grouped);
        wanted.forEach(column -> sql.append(", ")
                .append(Names.quoted(relation.name()))
                .append('.')
                .append(Names.quoted(column)));
    }

    private static boolean isRow(Expression.ColumnReference column, Relation relation) {
        String name = column.names().isEmpty() ? "" : column.names().get(0).value();
        return !column.star()
                && column.names().size() == 1
                && name.equals(relation.name())
                && !relation.columns().contains(name);
    }

    /** The expression of the select list that a number means. */
    private Expression meant(Expression item) {
        boolean stars = block.targets().stream()
                .anyMatch(target -> target.expression() instanceof Expression.ColumnReference column && column.star());
        if (item instanceof Expression.Literal literal && literal.kind() == LiteralKind.INTEGER && !stars) {
            long place = RowLimits.integer(literal, text);
            if (place >= 1 && place <= block.targets().size()) {
                return block.targets().get((int) place - 1).expression();
            }
        }
        return item;
    }

    /** The columns of a relation that an expression names, if it is a name. Without a table's name it would be ambiguous if it were another's. */
    private static List<String> columns(Expression expression, Relation relation) {
        if (!(expression instanceof Expression.ColumnReference reference)) {
            return List.of();
        }
        List<Name> names = reference.names();
        int last = names.size() - (reference.star() ? 0 : 1);
        if (last > 0 && !names.get(last - 1).value().equals(relation.name())) {
            return List.of();
        }
        if (reference.star()) {
            return relation.columns();
        }
        String column = names.get(last).value();
        return relation.columns().contains(column) ? List.of(column) : List.of();
    }
}
