package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of one FROM clause and the conditions that hold for every row of it: the WHERE clause, and ON of inner joins that no
 * outer join encloses.
 *
 * <p>Why a condition of WHERE binds also below an outer join: rows whose key is NULL-extended fail it, and whether a row with the
 * key joins depends on that row and on items that are the same on every shard. An item that no condition fixes may be joined key to
 * key to one that is: {@link KeyLinks}.
 */
final class FromScope {
    private final Findings findings;
    private final CommonTables visible;
    private final List<FromItem.TableReference> tables = new ArrayList<>();
    private final List<Boolean> hidden = new ArrayList<>();
    private final List<Expression> conditions = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private final KeyLinks links = new KeyLinks();
    private int items;

    FromScope(Findings findings, CommonTables visible) {
        this.findings = findings;
        this.visible = visible;
    }

    /** The items of a SELECT. */
    void add(List<FromItem> list) {
        collectAll(list);
        for (int i = 0; i < tables.size(); i++) {
            FromItem.TableReference item = tables.get(i);
            if (visible.hides(item.name())) {
                continue;
            }
            refer(item, hidden.get(i));
        }
    }

    /** The target of UPDATE or DELETE, which is never a common table, and the items beside it. */
    TableClass.@Nullable Sharded addTarget(FromItem.TableReference target, List<FromItem> others) {
        items++;
        collectAll(others);
        TableClass.Sharded table = findings.target(target.name());
        if (table != null) {
            refer(table, target, false);
        }
        for (int i = 0; i < tables.size(); i++) {
            if (!visible.hides(tables.get(i).name())) {
                refer(tables.get(i), hidden.get(i));
            }
        }
        return table;
    }

    private void refer(FromItem.TableReference item, boolean isHidden) {
        TableClass.Sharded table = findings.table(item.name());
        if (table != null) {
            refer(table, item, isHidden);
        }
    }

    private void refer(TableClass.Sharded table, FromItem.TableReference item, boolean isHidden) {
        references.add(new Reference(table, item, !isHidden, items == 1));
    }

    private void collectAll(List<FromItem> list) {
        for (FromItem item : list) {
            collect(item, false, false);
        }
    }

    /** Recursion is as deep as joins are nested, which the parser limits. */
    private void collect(FromItem item, boolean belowAlias, boolean belowOuterJoin) {
        if (item instanceof FromItem.Join join) {
            boolean inner = join.kind() == FromItem.Join.Kind.INNER && !belowOuterJoin;
            boolean outer = belowOuterJoin
                    || (join.kind() != FromItem.Join.Kind.INNER && join.kind() != FromItem.Join.Kind.CROSS);
            boolean hides = belowAlias || join.alias() != null;
            Expression on = join.condition().on();
            if (inner && on != null) {
                conditions.add(on);
            }
            links.add(join);
            collect(join.left(), hides, outer);
            collect(join.right(), hides, outer);
            return;
        }
        items++;
        if (item instanceof FromItem.TableReference table) {
            tables.add(table);
            hidden.add(belowAlias);
        }
    }

    /** Binds every reference by every condition, and notes the results. */
    void bind(@Nullable Expression where) {
        if (where != null) {
            conditions.add(where);
        }
        if (references.isEmpty()) {
            return;
        }
        Deque<Expression> pending = new ArrayDeque<>(conditions);
        while (!pending.isEmpty()) {
            Expression condition = pending.pop();
            if (condition instanceof Expression.And and) {
                and.operands().forEach(pending::push);
            } else {
                references.forEach(reference -> reference.bind(condition));
            }
        }
        links.add(where);
        links.bind(references);
        for (Reference reference : references) {
            findings.use(reference.table(), reference.keys());
        }
    }
}
