package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.SortKey;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Update;
import io.pgring.pgsql.tree.With;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts views in the place of sharded tables which leave out the rows that count on another shard, where a shard reads, updates or deletes
 * rows of them. INSERT goes into the table itself: what a shard is given belongs to it.
 *
 * <p>A view is not quite a table: it has no system columns and no primary key that GROUP BY could rest on, its rows are of another type, ONLY
 * and TABLESAMPLE mean nothing, and MERGE can't write it before PostgreSQL 17.
 */
final class VisibleRules {
    private final Source source;
    private final TableUses uses;
    private final SpliceList splices;
    /** The items of the command TABLE, which takes no alias. */
    private final Set<FromItem> commands = new HashSet<>();
    /** Names in FROM and WITH that are not those of sharded tables. */
    private final Set<String> otherNames = new HashSet<>();

    private final IdentityHashMap<QueryBody, List<SortKey>> orders = new IdentityHashMap<>();
    private final List<Expression.ColumnReference> columns = new ArrayList<>();
    private final List<Relation> relations = new ArrayList<>();
    private boolean possible = true;

    private VisibleRules(Statement statement, Source source) {
        this.source = source;
        this.uses = TableUses.of(statement, source.catalog());
        this.splices = new SpliceList(source.tokens());
    }

    /** The scatter of a statement with the text for shards that may have such rows; null if they can't run it over views. */
    static @Nullable Scatter scatter(Scatter scatter, Statement statement, Source source) {
        VisibleRules rules = new VisibleRules(statement, source);
        if (!rules.apply(statement)) {
            return null;
        }
        // What GROUP BY gets comes before what else may be inserted behind it.
        List<Splice> all = new ArrayList<>(rules.splices.sorted());
        all.addAll(scatter.splices());
        return scatter.withVisible(SpliceList.sorted(all));
    }

    private boolean apply(Statement statement) {
        possible = !(statement instanceof Merge) && uses.targets().size() <= 1;
        Deque<Node> pending = new ArrayDeque<>(List.of(statement));
        while (possible && !pending.isEmpty()) {
            Node node = pending.pop();
            visit(node);
            node.children().forEach(pending::push);
        }
        uses.reads().forEach(read -> table(read.item(), read.use().table()));
        if (statement instanceof Update update) {
            target(update.table());
        } else if (statement instanceof Delete delete) {
            target(delete.table());
        }
        columns.forEach(this::column);
        return possible;
    }

    private void visit(Node node) {
        if (node instanceof Select select) {
            orders.put(select.body(), select.orderBy());
        } else if (node instanceof QueryBody.Simple simple) {
            if (Queries.isTableCommand(simple)) {
                commands.add(simple.from().get(0));
            }
            groupBy(simple);
        } else if (node instanceof FromItem item) {
            item(item);
        } else if (node instanceof With.CommonTable table) {
            otherNames.add(table.name().value());
        } else if (node instanceof Insert insert) {
            Name alias = insert.alias();
            otherNames.add(alias == null ? insert.table().name() : alias.value());
        } else if (node instanceof Expression.CurrentOf) {
            possible = false;
        } else if (node instanceof Expression.ColumnReference column) {
            columns.add(column);
        }
    }

    /** A view has no primary key, which would let GROUP BY leave out the columns that depend on it. */
    private void groupBy(QueryBody.Simple block) {
        String dependents = DependentColumns.of(block, orders.getOrDefault(block, List.of()), uses, source.text());
        possible &= dependents != null;
        if (dependents != null && !dependents.isEmpty()) {
            splices.insertAfter(block.groupBy().get(block.groupBy().size() - 1), dependents);
        }
    }

    private void item(FromItem item) {
        FromItem.Alias alias = item.alias();
        if (alias != null) {
            otherNames.add(alias.name().value());
        } else if (item instanceof FromItem.TableReference table
                && !(source.catalog().find(table.name().schema(), table.name().name()) instanceof TableClass.Sharded)) {
            otherNames.add(table.name().name());
        }
    }

    private void target(FromItem.TableReference item) {
        table(item, source.catalog().find(item.name().schema(), item.name().name()));
    }

    private void table(FromItem.TableReference item, @Nullable TableClass found) {
        possible &= !(found instanceof TableClass.Hiding);
        if (!(found instanceof TableClass.Sharded table)) {
            return;
        }
        possible &= !item.only() && item.extras().isEmpty();
        relations.add(Relation.sharded(table, item));
        String view = source.catalog().visibleName(table);
        String own = Names.quoted(table.name());
        boolean named = view.endsWith("." + own) || item.alias() != null || commands.contains(item);
        splices.replace(item.start(), source.nameEnd(item), view + (named ? "" : " AS " + own));
    }

    /** {@code schema.table.column} becomes {@code table.column}, unless that may be another one's. */
    private void column(Expression.ColumnReference column) {
        List<Name> names = column.names();
        int last = names.size() - (column.star() ? 1 : 2);
        String name = names.isEmpty() ? "" : names.get(names.size() - 1).value();
        possible &= column.star() || !SameEverywhere.isSystemColumn(name);
        if (!column.star() && names.size() == 1) {
            possible &= relations.stream().noneMatch(relation -> isRow(name, relation));
        }
        if (last < 1) {
            return;
        }
        Name schema = names.get(last - 1);
        Name table = names.get(last);
        if (source.catalog().find(schema.value(), table.value()) instanceof TableClass.Sharded) {
            possible &= last == 1 && !otherNames.contains(table.value());
            splices.replace(schema.start(), table.start(), "");
        }
    }

    /** Whether a name may mean the whole row, whose type is another one in a view. */
    private static boolean isRow(String name, Relation relation) {
        return name.equals(relation.name()) && !relation.columns().contains(name);
    }
}
