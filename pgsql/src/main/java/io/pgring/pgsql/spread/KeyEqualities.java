package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.tree.Expression;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which sharded tables are joined by equality of their key columns, directly or by way of others. */
final class KeyEqualities {
    private final Relations relations;
    /** Union-find: towards the root of each class. */
    private final IdentityHashMap<Relation, Relation> parents = new IdentityHashMap<>();

    KeyEqualities(Relations relations) {
        this.relations = relations;
    }

    /** Takes the equalities of a condition that holds for all rows in question. */
    void add(@Nullable Expression condition) {
        if (condition == null) {
            return;
        }
        Deque<Expression> pending = new ArrayDeque<>(List.of(condition));
        while (!pending.isEmpty()) {
            Expression next = pending.pop();
            if (next instanceof Expression.And and) {
                and.operands().forEach(pending::push);
            } else if (next instanceof Expression.Comparison comparison
                    && comparison.operator().is("=")) {
                add(relations.column(comparison.left()), relations.column(comparison.right()));
            }
        }
    }

    void add(@Nullable Column left, @Nullable Column right) {
        if (left != null && right != null && left.isKey() && right.isKey() && areColocated(left, right)) {
            parents.put(root(left.relation()), root(right.relation()));
        }
    }

    /** Whether equal keys of both are on one shard. */
    static boolean areColocated(Column left, Column right) {
        return family(left.type()) != ColumnType.OTHER && family(left.type()) == family(right.type());
    }

    /** Types whose equal values hash alike, by one of them. */
    private static ColumnType family(ColumnType type) {
        return switch (type) {
            case SMALLINT, INTEGER, BIGINT -> ColumnType.BIGINT;
            case TEXT, TEXT_BY_BYTES -> ColumnType.TEXT;
            case UUID -> ColumnType.UUID;
            default -> ColumnType.OTHER;
        };
    }

    private Relation root(Relation relation) {
        Relation root = relation;
        for (Relation parent = parents.get(root); parent != null && parent != root; parent = parents.get(root)) {
            root = parent;
        }
        return root;
    }

    /** Whether a table of one side is joined to one of the other. */
    boolean link(Distribution left, Distribution right) {
        for (Relation one : left.keyed()) {
            for (Relation other : right.keyed()) {
                if (root(one) == root(other)) {
                    return true;
                }
            }
        }
        return false;
    }
}
