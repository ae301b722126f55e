package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.SortKey;
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
 * Puts the views of {@code pgring_gather} in the place of sharded tables, wherever these are read. A view is found by the name of
 * its table, with the schema in front unless that is {@code public}.
 */
final class GatherRules {
    private static final String SCHEMA = "\"pgring_gather\".";

    private final Source source;
    private final TableUses uses;
    private final SpliceList splices;
    private final ShipRules ship;
    /** The items of the command TABLE, which takes no alias. */
    private final IdentityHashMap<FromItem, QueryBody.Simple> commands = new IdentityHashMap<>();
    /** Names in FROM and WITH that are not those of sharded tables. */
    private final Set<String> otherNames = new HashSet<>();

    /** ORDER BY of the queries whose bodies these are. */
    private final IdentityHashMap<QueryBody, List<SortKey>> orders = new IdentityHashMap<>();

    private final List<Expression.ColumnReference> qualified = new ArrayList<>();
    private boolean possible = true;
    private boolean found;

    private GatherRules(Node root, Source source) {
        this.source = source;
        this.uses = TableUses.of(root, source.catalog());
        this.splices = new SpliceList(source.tokens());
        this.ship = new ShipRules(source, uses);
    }

    /** The gather of a query, or of a statement that writes unsharded tables alone; null if it is not possible. */
    static @Nullable Gather gather(Node root, Source source) {
        return new GatherRules(root, source).gather(root);
    }

    private @Nullable Gather gather(Node root) {
        for (TableUses.Use target : uses.targets()) {
            possible &= target.table() == null;
        }
        Deque<Node> pending = new ArrayDeque<>(List.of(root));
        while (possible && !pending.isEmpty()) {
            Node node = pending.pop();
            visit(node);
            node.children().forEach(pending::push);
        }
        uses.reads().forEach(read -> table(read.item(), read.use()));
        qualified.forEach(this::column);
        return possible && found ? new Gather(splices.sorted(), !uses.targets().isEmpty(), ship.ship()) : null;
    }

    private void visit(Node node) {
        if (node instanceof Select select) {
            possible &= select.locking().isEmpty();
            orders.put(select.body(), select.orderBy());
        } else if (node instanceof QueryBody.Simple simple) {
            possible &= simple.into() == null;
            if (Queries.isTableCommand(simple)) {
                commands.put(simple.from().get(0), simple);
            }
            ship.block(simple);
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
            List<Name> names = column.names();
            // A view has no such columns, so that the name might be found further out.
            possible &= column.star()
                    || !SameEverywhere.isSystemColumn(
                            names.get(names.size() - 1).value());
            if (names.size() + (column.star() ? 1 : 0) > 2) {
                qualified.add(column);
            }
        }
    }

    /** A view has no primary key, which would let GROUP BY leave out the columns that depend on it. */
    private void groupBy(QueryBody.Simple block) {
        String dependents = DependentColumns.of(block, orders.getOrDefault(block, List.of()), uses, source.text());
        possible &= dependents != null;
        if (dependents != null && !dependents.isEmpty()) {
            Expression last = block.groupBy().get(block.groupBy().size() - 1);
            splices.insertAfter(last, dependents);
            ship.insertAfter(last, dependents);
        }
    }

    private void item(FromItem item) {
        FromItem.Alias alias = item.alias();
        if (alias != null) {
            otherNames.add(alias.name().value());
        } else if (item instanceof FromItem.TableReference table) {
            TableUses.Use use = uses.read(table);
            if (use == null || !isGathered(use)) {
                otherNames.add(table.name().name());
            }
        }
    }

    private static boolean isGathered(TableUses.Use use) {
        return use.table() instanceof TableClass.Sharded
                || (use.table() instanceof TableClass.Hiding view && view.gatherable());
    }

    private void table(FromItem.TableReference item, TableUses.Use use) {
        if (use.table() instanceof TableClass.Hiding view && !view.gatherable()) {
            possible = false;
        }
        TableClass table = use.table();
        if (table == null || !isGathered(use)) {
            return;
        }
        // A view has no descendants to be left out, and no sample.
        possible &= !item.only() && item.extras().isEmpty();
        found = true;
        boolean plain = table.schema().equals("public");
        String view = plain ? table.name() : table.schema() + "." + table.name();
        boolean named = plain || item.alias() != null || commands.containsKey(item);
        String alias = named ? "" : " AS " + Names.quoted(table.name());
        splices.replace(item.start(), source.nameEnd(item), SCHEMA + Names.quoted(view) + alias);
        ship.table(item, table, source.nameEnd(item), commands.get(item));
    }

    /** {@code schema.table.column} of a gathered table becomes {@code table.column}, unless that may be another one's. */
    private void column(Expression.ColumnReference column) {
        List<Name> names = column.names();
        int last = names.size() - (column.star() ? 1 : 2);
        Name schema = names.get(last - 1);
        Name table = names.get(last);
        TableClass found = source.catalog().find(schema.value(), table.value());
        if (found == null || found instanceof TableClass.Reference) {
            return;
        }
        possible &= last == 1 && !otherNames.contains(table.value());
        splices.replace(schema.start(), table.start(), "");
        ship.name(schema.start(), table.start());
    }
}
