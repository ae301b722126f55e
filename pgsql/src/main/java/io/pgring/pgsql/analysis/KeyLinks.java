package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Equalities of key columns between the items of a FROM clause, by which an item takes the key values of another:
 *
 * <ul>
 *   <li>WHERE and ON of inner joins, both ways: of the rows of one item only those count whose key is that of a row of the other;
 *   <li>ON of an outer join, towards the items of the side that it extends with NULLs: its rows with other keys join nothing. Not
 *       towards the side whose rows it keeps.
 * </ul>
 */
final class KeyLinks {
    /** @param towards the items that may take values; null for any */
    private record Link(
            Expression left, Expression right, @Nullable Set<FromItem> towards) {}

    private final List<Link> links = new ArrayList<>();

    void add(FromItem.Join join) {
        switch (join.kind()) {
            case INNER -> add(join.condition().on(), null);
            case LEFT -> add(join.condition().on(), items(join.right()));
            case RIGHT -> add(join.condition().on(), items(join.left()));
            default -> {}
        }
    }

    /** A condition that holds for every row. */
    void add(@Nullable Expression where) {
        add(where, null);
    }

    private static Set<FromItem> items(FromItem root) {
        Set<FromItem> items = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<FromItem> pending = new ArrayDeque<>(List.of(root));
        while (!pending.isEmpty()) {
            FromItem item = pending.pop();
            items.add(item);
            if (item instanceof FromItem.Join join) {
                pending.push(join.left());
                pending.push(join.right());
            }
        }
        return items;
    }

    private void add(@Nullable Expression condition, @Nullable Set<FromItem> towards) {
        if (condition == null) {
            return;
        }
        Deque<Expression> pending = new ArrayDeque<>(List.of(condition));
        while (!pending.isEmpty()) {
            Expression next = pending.pop();
            if (next instanceof Expression.And and) {
                and.operands().forEach(pending::push);
            } else if (next instanceof Expression.Comparison comparison
                    && comparison.operator().is("=")
                    && comparison.left() instanceof Expression.ColumnReference
                    && comparison.right() instanceof Expression.ColumnReference) {
                links.add(new Link(comparison.left(), comparison.right(), towards));
            }
        }
    }

    /** Gives values to the references that have none, as far as the links reach. */
    void bind(List<Reference> references) {
        boolean changed = references.size() > 1 && !links.isEmpty();
        while (changed) {
            changed = false;
            for (Reference reference : references) {
                changed |= reference.keys().isEmpty() && takesFromAny(reference, references);
            }
        }
    }

    private boolean takesFromAny(Reference reference, List<Reference> references) {
        for (Reference other : references) {
            boolean possible = other != reference
                    && !other.keys().isEmpty()
                    && other.table().isColocatedWith(reference.table());
            if (possible && areLinked(reference, other)) {
                reference.keys().addAll(other.keys());
                return true;
            }
        }
        return false;
    }

    private boolean areLinked(Reference to, Reference from) {
        for (Link link : links) {
            boolean allowed = link.towards() == null || link.towards().contains(to.item());
            boolean equal = (to.isKey(link.left()) && from.isKey(link.right()))
                    || (to.isKey(link.right()) && from.isKey(link.left()));
            if (allowed && equal) {
                return true;
            }
        }
        return false;
    }
}
