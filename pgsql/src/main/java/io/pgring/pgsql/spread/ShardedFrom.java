package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Name;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A FROM clause each of whose rows arises on exactly one shard when every shard evaluates it over its own rows:
 *
 * <ul>
 *   <li>a sharded table, and sharded tables joined key to key, directly or by way of others;
 *   <li>joined with what is the same on every shard: reference tables, functions, queries over these;
 *   <li>in an outer join the side that keeps its rows must be sharded if the other is, and ON itself must join the keys. A kept side
 *       that is the same everywhere would give its rows once for every shard.
 * </ul>
 */
final class ShardedFrom {
    private final Relations relations;
    private final Distribution distribution;

    private ShardedFrom(Relations relations, Distribution distribution) {
        this.relations = relations;
        this.distribution = distribution;
    }

    /** Of a SELECT; null if it is none. */
    static @Nullable ShardedFrom of(List<FromItem> items, @Nullable Expression where, TableUses uses) {
        Relations relations = Relations.of(items, null, null, uses);
        return relations == null ? null : new Joins(relations).from(Distribution.REPLICATED, items, where);
    }

    /** Of the target of UPDATE or DELETE and the items beside it; null if it is none. */
    static @Nullable ShardedFrom of(
            FromItem.TableReference target,
            TableClass.Sharded table,
            List<FromItem> items,
            @Nullable Expression where,
            TableUses uses) {
        Relations relations = Relations.of(items, target, table, uses);
        return relations == null
                ? null
                : new Joins(relations).from(Distribution.of(relations.of(target)), items, where);
    }

    /**
     * Of MERGE, which joins its source to its target: a sharded source must be joined key to key, so that its rows and those of the
     * target that they match are on one shard. A source that is the same everywhere matches each row of the target where that is. The
     * keys are those of the source. Null if it is none.
     */
    static @Nullable ShardedFrom of(Merge merge, TableClass.Sharded table, TableUses uses) {
        Relations relations = Relations.of(List.of(merge.source()), merge.table(), table, uses);
        return relations == null ? null : new Joins(relations).merge(merge);
    }

    Relations relations() {
        return relations;
    }

    /** Whether rows with different values of the column are on different shards or, if NULL, don't arise. */
    boolean isKey(@Nullable Column column) {
        return column != null && column.isKey() && distribution.solid().contains(column.relation());
    }

    /** Works out the distribution. Recursion is as deep as joins are nested, which the parser limits. */
    private static final class Joins {
        private final Relations relations;
        private boolean possible = true;

        Joins(Relations relations) {
            this.relations = relations;
        }

        @Nullable
        ShardedFrom from(Distribution target, List<FromItem> items, @Nullable Expression where) {
            KeyEqualities equalities = new KeyEqualities(relations);
            equalities.add(where);
            items.forEach(item -> addInner(item, equalities));
            Distribution distribution = target;
            for (FromItem item : items) {
                distribution = inner(distribution, of(item, equalities), equalities);
            }
            return possible && distribution.isSharded() ? new ShardedFrom(relations, distribution) : null;
        }

        @Nullable
        ShardedFrom merge(Merge merge) {
            KeyEqualities within = new KeyEqualities(relations);
            addInner(merge.source(), within);
            Distribution source = of(merge.source(), within);
            Distribution target = Distribution.of(relations.of(merge.table()));
            KeyEqualities on = new KeyEqualities(relations);
            on.add(merge.on());
            possible &= !source.isSharded() || on.link(source, target);
            return possible ? new ShardedFrom(relations, source) : null;
        }

        /** The conditions that hold for every row that the item gives, whatever encloses it. */
        private void addInner(FromItem item, KeyEqualities equalities) {
            if (!(item instanceof FromItem.Join join)) {
                return;
            }
            switch (join.kind()) {
                case CROSS, INNER -> {
                    addInner(join.left(), equalities);
                    addInner(join.right(), equalities);
                    add(join, equalities);
                }
                case LEFT -> addInner(join.left(), equalities);
                case RIGHT -> addInner(join.right(), equalities);
                case FULL -> {}
            }
        }

        private void add(FromItem.Join join, KeyEqualities equalities) {
            equalities.add(join.condition().on());
            for (Name name : join.condition().using()) {
                equalities.add(first(join.left(), name.value()), first(join.right(), name.value()));
            }
            if (join.condition().natural() && areKnown(join.left()) && areKnown(join.right())) {
                for (String name : columns(join.left())) {
                    equalities.add(first(join.left(), name), first(join.right(), name));
                }
            }
        }

        private boolean areKnown(FromItem item) {
            return item instanceof FromItem.Join join
                    ? areKnown(join.left()) && areKnown(join.right())
                    : relations.of(item).isSharded();
        }

        private Set<String> columns(FromItem item) {
            if (item instanceof FromItem.Join join) {
                Set<String> both = new HashSet<>(columns(join.left()));
                both.addAll(columns(join.right()));
                return both;
            }
            return Set.copyOf(relations.of(item).columns());
        }

        /** The column of the first item that has it: a merged column is that, and any other name would be ambiguous. */
        private @Nullable Column first(FromItem item, String name) {
            if (item instanceof FromItem.Join join) {
                Column left = first(join.left(), name);
                return left != null ? left : first(join.right(), name);
            }
            return relations.of(item).column(name);
        }

        private Distribution of(FromItem item, KeyEqualities equalities) {
            if (!(item instanceof FromItem.Join join)) {
                return Distribution.of(relations.of(item));
            }
            return switch (join.kind()) {
                case CROSS, INNER -> inner(of(join.left(), equalities), of(join.right(), equalities), equalities);
                case LEFT -> outer(join, join.left(), join.right(), equalities);
                case RIGHT -> outer(join, join.right(), join.left(), equalities);
                case FULL -> full(of(join.left(), equalities), of(join.right(), equalities));
            };
        }

        private Distribution inner(Distribution left, Distribution right, KeyEqualities equalities) {
            possible &= !left.isSharded() || !right.isSharded() || equalities.link(left, right);
            return left.join(right);
        }

        private Distribution outer(FromItem.Join join, FromItem kept, FromItem nullable, KeyEqualities equalities) {
            KeyEqualities within = new KeyEqualities(relations);
            addInner(nullable, within);
            Distribution keeps = of(kept, equalities);
            Distribution extended = of(nullable, within);
            if (extended.isSharded()) {
                KeyEqualities on = new KeyEqualities(relations);
                add(join, on);
                possible &= keeps.isSharded() && on.link(keeps, extended);
            }
            return keeps.outerJoin(extended);
        }

        private Distribution full(Distribution left, Distribution right) {
            possible &= !left.isSharded() && !right.isSharded();
            return left.join(right);
        }
    }
}
