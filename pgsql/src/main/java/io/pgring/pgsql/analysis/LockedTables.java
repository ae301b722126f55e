package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Locking;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The tables whose rows the locking clauses of a query lock: those of its FROM clause, also inside of subqueries there, or as many as OF
 * names; never those of WITH (manual, SELECT, "The Locking Clause").
 */
final class LockedTables {
    private final TableCatalog catalog;
    private final CommonTables visible;

    LockedTables(TableCatalog catalog, CommonTables visible) {
        this.catalog = catalog;
        this.visible = visible;
    }

    /**
     * Why a query can't lock what it wants to next to rows of a sharded table: two transactions could lock one row of a reference table,
     * each in another shard's copy.
     *
     * @return a sentence for a DETAIL field, or null
     */
    @Nullable
    String reasonAgainst(Select select) {
        for (Locking locking : select.locking()) {
            FromItem.TableReference copy = reference(select, locking);
            if (copy != null) {
                return "A lock on rows of the reference table \"" + copy.name()
                        + "\" would be one on a shard's copy alone; name the tables to be locked after OF.";
            }
        }
        return null;
    }

    private FromItem.@Nullable TableReference reference(Select select, Locking locking) {
        Deque<FromItem> pending = new ArrayDeque<>();
        for (FromItem item : items(select)) {
            addNamed(item, locking, pending);
        }
        while (!pending.isEmpty()) {
            FromItem item = pending.pop();
            if (item instanceof FromItem.SubqueryReference subquery) {
                items(subquery.query()).forEach(pending::push);
            } else if (item instanceof FromItem.Join join) {
                pending.push(join.left());
                pending.push(join.right());
            } else if (item instanceof FromItem.TableReference table
                    && !visible.hides(table.name())
                    && catalog.find(table.name().schema(), table.name().name()) instanceof TableClass.Reference) {
                return table;
            }
        }
        return null;
    }

    /** Recursion is as deep as joins are nested, which the parser limits. */
    private static void addNamed(FromItem item, Locking locking, Deque<FromItem> named) {
        if (item instanceof FromItem.Join join && item.alias() == null) {
            addNamed(join.left(), locking, named);
            addNamed(join.right(), locking, named);
        } else if (locking.of().isEmpty()
                || locking.of().stream().anyMatch(of -> of.name().equals(name(item)))) {
            named.push(item);
        }
    }

    private static @Nullable String name(FromItem item) {
        FromItem.Alias alias = item.alias();
        if (alias != null) {
            return alias.name().value();
        }
        return item instanceof FromItem.TableReference table ? table.name().name() : null;
    }

    private static Iterable<FromItem> items(Select select) {
        QueryBody body = select.body();
        while (body instanceof QueryBody.Parenthesized parenthesized) {
            body = parenthesized.query().body();
        }
        return body instanceof QueryBody.Simple simple ? simple.from() : java.util.List.of();
    }
}
