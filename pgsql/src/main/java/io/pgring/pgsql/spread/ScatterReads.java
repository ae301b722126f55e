package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries that each shard can run over its own rows so that the proxy makes the result of theirs. */
final class ScatterReads {
    private ScatterReads() {}

    static @Nullable Scatter scatter(Select select, Source source) {
        if (!(select.body() instanceof QueryBody.Simple body)
                || !isPlain(body)
                || !SameEverywhere.holds(select, false)) {
            return null;
        }
        TableUses uses = TableUses.of(select, source.catalog());
        ShardedFrom from = ShardedFrom.of(body.from(), body.where(), uses);
        RowLimits limits = RowLimits.of(select, source.text(), source.tokens());
        if (from == null || limits == null || !othersAreReferences(select, uses, from)) {
            return null;
        }
        Outputs outputs = new Outputs(body.targets(), from.relations());
        return scatter(new ScatterQuery(select, body, from, outputs, limits, source));
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

    private static @Nullable Scatter scatter(ScatterQuery query) {
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
