package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The items of a FROM clause, and which columns of sharded tables the names of an expression mean. */
final class Relations {
    private final IdentityHashMap<FromItem, Relation> byItem = new IdentityHashMap<>();
    private final List<Relation> all = new ArrayList<>();
    /** Columns of USING: they mean the column of the first item that has it. */
    private final Set<String> merged = new HashSet<>();
    /** Whether the columns of a NATURAL join are not known, so that any name without a table may be merged. */
    private boolean mergesUnknown;

    private boolean supported = true;

    private Relations() {}

    /**
     * Those of a FROM clause, or null if there is one that can't be scattered: an unsharded table, a join with an alias.
     *
     * @param target of UPDATE or DELETE
     */
    static @Nullable Relations of(
            List<FromItem> items,
            FromItem.@Nullable TableReference target,
            TableClass.@Nullable Sharded targetTable,
            TableUses uses) {
        Relations relations = new Relations();
        if (target != null && targetTable != null) {
            relations.add(target, Relation.sharded(targetTable, target));
        }
        for (FromItem item : items) {
            relations.collect(item, uses);
        }
        return relations.supported ? relations : null;
    }

    /** Recursion is as deep as joins are nested, which the parser limits. */
    private void collect(FromItem item, TableUses uses) {
        if (item instanceof FromItem.Join join) {
            FromItem.Join.Condition condition = join.condition();
            supported &= join.alias() == null && condition.usingAlias() == null;
            boolean merges = condition.natural() || !condition.using().isEmpty();
            // The merged column of a join that extends its left side is that of the right side, or of both.
            supported &= !merges || (join.kind() != FromItem.Join.Kind.RIGHT && join.kind() != FromItem.Join.Kind.FULL);
            condition.using().forEach(name -> merged.add(name.value()));
            mergesUnknown |= condition.natural();
            collect(join.left(), uses);
            collect(join.right(), uses);
        } else if (item instanceof FromItem.TableReference reference) {
            table(reference, uses.read(reference));
        } else {
            FromItem.Alias alias = item.alias();
            add(item, Relation.replicated(alias == null ? "" : alias.name().value()));
        }
    }

    private void table(FromItem.TableReference item, TableUses.@Nullable Use use) {
        if (use == null || use.table() instanceof TableClass.Reference) {
            FromItem.Alias alias = item.alias();
            add(
                    item,
                    Relation.replicated(
                            alias == null ? item.name().name() : alias.name().value()));
        } else if (use.table() instanceof TableClass.Sharded sharded) {
            add(item, Relation.sharded(sharded, item));
        } else {
            supported = false;
        }
    }

    private void add(FromItem item, Relation relation) {
        for (Relation other : all) {
            supported &= relation.name().isEmpty() || !other.name().equals(relation.name());
        }
        byItem.put(item, relation);
        all.add(relation);
    }

    boolean contains(FromItem item) {
        return byItem.containsKey(item);
    }

    List<Relation> all() {
        return all;
    }

    Relation of(FromItem item) {
        Relation relation = byItem.get(item);
        if (relation == null) {
            throw new IllegalArgumentException("not an item of this FROM clause");
        }
        return relation;
    }

    /** Whether the columns of {@code *} are those of all items in turn, and known. */
    boolean isStarKnown() {
        return merged.isEmpty() && !mergesUnknown && all.stream().allMatch(Relation::isSharded);
    }

    /** The item of a name, or null. */
    @Nullable
    Relation named(String name) {
        for (Relation relation : all) {
            if (relation.name().equals(name)) {
                return relation;
            }
        }
        return null;
    }

    /** The column of a sharded table that an expression is, or null if it is none or not surely one. */
    @Nullable
    Column column(Expression expression) {
        if (!(expression instanceof Expression.ColumnReference reference) || reference.star()) {
            return null;
        }
        List<Name> names = reference.names();
        String column = names.get(names.size() - 1).value();
        return switch (names.size()) {
            case 1 -> unqualified(column);
            case 2 -> qualified(names.get(0).value(), column);
            case 3 ->
                isUnaliased(names.get(0).value(), names.get(1).value())
                        ? qualified(names.get(1).value(), column)
                        : null;
            default -> null;
        };
    }

    /**
     * Whether every name behind a sharded table's name is one of its columns: PostgreSQL reads {@code t.f} as {@code f(t)} if there is
     * no such column.
     */
    boolean knowColumns(Node root) {
        Deque<Node> pending = new ArrayDeque<>(List.of(root));
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node instanceof Expression.ColumnReference reference
                    && !reference.star()
                    && reference.names().size() > 1) {
                List<Name> names = reference.names();
                Relation relation = named(names.get(names.size() - 2).value());
                boolean known = relation == null
                        || !relation.isSharded()
                        || relation.columns()
                                .contains(names.get(names.size() - 1).value());
                if (!known) {
                    return false;
                }
            }
            node.children().forEach(pending::push);
        }
        return true;
    }

    /** Whether a name is that of an item which is a sharded table of the schema, without another name. */
    private boolean isUnaliased(String schema, String name) {
        Relation relation = named(name);
        return relation != null
                && relation.isSharded()
                && relation.sharded().schema().equals(schema)
                && relation.sharded().name().equals(name);
    }

    private @Nullable Column qualified(String name, String column) {
        Relation relation = named(name);
        if (relation == null || !relation.isSharded()) {
            return null;
        }
        return relation.column(column);
    }

    /**
     * Without a table's name. A name that one known item has means that item's column, or is ambiguous and thus an error, even if
     * there are items whose columns are not known.
     */
    private @Nullable Column unqualified(String name) {
        List<Column> candidates = new ArrayList<>();
        for (Relation relation : all) {
            if (relation.columns().contains(name)) {
                Column column = relation.column(name);
                if (column == null) {
                    return null;
                }
                candidates.add(column);
            }
        }
        if (candidates.isEmpty() || mergesUnknown) {
            return null;
        }
        Column first = candidates.get(0);
        if (!merged.contains(name)) {
            return candidates.size() == 1 ? first : null;
        }
        boolean known = all.stream().allMatch(Relation::isSharded)
                && candidates.stream().allMatch(column -> column.type() == first.type());
        return known ? first : null;
    }
}
