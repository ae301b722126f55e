package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries that each shard can run over its own rows so that the proxy makes the result of theirs. */
final class ScatterReads {
    private ScatterReads() {}

    static @Nullable Scatter scatter(Select select, Source source) {
        Select rows = enclosed(select);
        if (rows != null) {
            ScatterQuery query = SameEverywhere.holds(select, false) ? query(rows, select, source) : null;
            return query != null && isAppended(scatter(query)) ? scatter(query) : null;
        }
        ScatterQuery query = SameEverywhere.holds(select, false) ? query(select, select, source) : null;
        return query == null ? null : scatter(query);
    }

    /** The query in FROM of one that computes something of each of its rows, and keeps them all; null for any other query. */
    private static @Nullable Select enclosed(Select select) {
        boolean keepsAll = select.body() instanceof QueryBody.Simple body
                && isPlain(body)
                && select.locking().isEmpty()
                && !body.distinct()
                && body.where() == null
                && body.groupBy().isEmpty()
                && body.having() == null
                && select.orderBy().isEmpty()
                && select.limit() == null
                && select.offset() == null
                && !Aggregates.areIn(body.targets())
                && body.targets().stream().noneMatch(ScatterReads::namesTable);
        return keepsAll
                        && ((QueryBody.Simple) select.body()).from().size() == 1
                        && ((QueryBody.Simple) select.body()).from().get(0)
                                instanceof FromItem.SubqueryReference reference
                ? reference.query()
                : null;
    }

    /** Whether a column is named with its table: PostgreSQL reads {@code t.f} as {@code f(t)} if there is no such column. */
    private static boolean namesTable(Node root) {
        Deque<Node> pending = new ArrayDeque<>(List.of(root));
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node instanceof Expression.ColumnReference column
                    && !column.star()
                    && column.names().size() > 1) {
                return true;
            }
            node.children().forEach(pending::push);
        }
        return false;
    }

    /** Whether the rows of the shards, all of them and as they are, make the result. */
    static boolean isAppended(@Nullable Scatter scatter) {
        return scatter != null
                && scatter.splices().isEmpty()
                && scatter.combination() instanceof Combination.Append append
                && append.limit().limit() instanceof RowLimit.Bound.None
                && append.limit().offset() instanceof RowLimit.Bound.None;
    }

    /**
     * A query whose rows all arise on one shard or another; null for any other query.
     *
     * @param root the statement that it is a part of: all that this reads elsewhere must be reference tables
     */
    static @Nullable ScatterQuery query(Select select, Node root, Source source) {
        if (!(select.body() instanceof QueryBody.Simple body) || !isPlain(body)) {
            return null;
        }
        TableUses uses = TableUses.of(root, source.catalog());
        ShardedFrom from = ShardedFrom.of(body.from(), body.where(), uses);
        RowLimits limits = RowLimits.of(select, source.text(), source.tokens());
        if (from == null || limits == null || !othersAreReferences(root, uses, from)) {
            return null;
        }
        return new ScatterQuery(select, body, from, new Outputs(body.targets(), from.relations()), limits, source);
    }

    private static boolean isPlain(QueryBody.Simple body) {
        return body.into() == null
                && body.distinctOn().isEmpty()
                && body.windows().isEmpty();
    }

    /** Whether every table that does not stand in the FROM clause itself is a reference table, and no function hides in a name. */
    static boolean othersAreReferences(Node root, TableUses uses, ShardedFrom from) {
        for (TableUses.Read read : uses.reads()) {
            if (!from.relations().contains(read.item()) && !(read.use().table() instanceof TableClass.Reference)) {
                return false;
            }
        }
        return from.relations().knowColumns(root);
    }

    static @Nullable Scatter scatter(ScatterQuery query) {
        QueryBody.Simple body = query.body();
        if (!query.select().locking().isEmpty()) {
            // Where groups, aggregates or DISTINCT are, PostgreSQL itself refuses to lock.
            return RowLocks.arePossible(query) ? ScatterRows.scatter(query) : null;
        }
        List<Node> results = new ArrayList<>(body.targets());
        results.addAll(query.select().orderBy());
        boolean aggregates = body.having() != null || Aggregates.areIn(results);
        if (!body.groupBy().isEmpty()) {
            return body.distinct() ? null : groups(query);
        }
        if (aggregates) {
            return body.distinct() || body.having() != null ? null : ScatterAggregates.ofAll(query);
        }
        return body.distinct() ? distinct(query) : ScatterRows.scatter(query);
    }

    /** Groups with a key among what they are grouped by are on one shard each. */
    private static @Nullable Scatter groups(ScatterQuery query) {
        Set<Column> columns = new LinkedHashSet<>();
        boolean all = true;
        for (Expression item : query.body().groupBy()) {
            Column column = SortTarget.ofGroupBy(
                    item, query.outputs(), query.relations(), query.source().text());
            if (query.from().isKey(column)) {
                return ScatterRows.scatter(query);
            }
            if (column != null) {
                columns.add(column);
            } else {
                all = false;
            }
        }
        return all && query.body().having() == null ? ScatterAggregates.ofGroups(query, List.copyOf(columns)) : null;
    }

    /** Rows with a key among their columns are different on different shards. */
    private static @Nullable Scatter distinct(ScatterQuery query) {
        Set<Column> columns = new LinkedHashSet<>();
        boolean all = true;
        for (Output output : query.outputs().columns()) {
            if (query.from().isKey(output.column())) {
                return ScatterRows.scatter(query);
            }
            if (output.column() != null) {
                columns.add(output.column());
            } else {
                all = false;
            }
        }
        return all && !columns.isEmpty() ? ScatterAggregates.ofGroups(query, List.copyOf(columns)) : null;
    }
}
