package io.pgring.pgsql.spread;

import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.QueryBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queries of aggregates over all rows, over groups whose rows are on several shards, and DISTINCT, which is groups without
 * aggregates. For groups each shard sorts by all group keys: then rows of one group come together, and the first ones of each shard
 * are enough for LIMIT.
 */
final class ScatterAggregates {
    private final ScatterQuery query;
    private final Relations relations;
    private final SpliceList splices;
    private final List<AggregateColumn> columns = new ArrayList<>();
    private final HiddenColumns hidden = new HiddenColumns();

    private ScatterAggregates(ScatterQuery query) {
        this.query = query;
        this.relations = query.relations();
        this.splices = query.splices();
    }

    /** Of a query without GROUP BY, whose result is one row. */
    static @Nullable Scatter ofAll(ScatterQuery query) {
        boolean plain = query.select().orderBy().isEmpty()
                && query.limits().keepsOneRow()
                && !query.outputs().hasStar()
                && !query.body().targets().isEmpty();
        return plain ? new ScatterAggregates(query).all() : null;
    }

    /**
     * Of groups.
     *
     * @param groupKeys by which the rows are grouped
     */
    static @Nullable Scatter ofGroups(ScatterQuery query, List<Column> groupKeys) {
        boolean plain = !query.outputs().hasStar() && query.isExtensible();
        return plain ? new ScatterAggregates(query).groups(groupKeys) : null;
    }

    private @Nullable Scatter all() {
        if (!outputs(List.of())) {
            return null;
        }
        hidden.splice(query.body(), splices);
        return new Scatter(splices.sorted(), new Combination.Aggregated(columns), false);
    }

    private @Nullable Scatter groups(List<Column> groupKeys) {
        List<GroupOrder> order = order(groupKeys);
        if (order == null) {
            return null;
        }
        List<SortKey> keys = new ArrayList<>();
        int outputs = query.outputs().columns().size();
        for (GroupOrder each : order) {
            int index = query.outputs().indexOf(each.column());
            int place = index >= 0 ? index : outputs + hidden.add(each.column().source());
            keys.add(new SortKey(place, each.column().type(), each.descending(), each.nullsFirst()));
        }
        if (!outputs(groupKeys)) {
            return null;
        }
        hidden.splice(query.body(), splices);
        sortBy(order);
        query.limits().splice(splices);
        RowLimit limit = query.limits().limit();
        return new Scatter(splices.sorted(), new Combination.Grouped(keys, columns, hidden.count(), limit), false);
    }

    /** Notes how each output column is combined. False if one can't be. */
    private boolean outputs(List<Column> groupKeys) {
        List<Output> outputs = query.outputs().columns();
        for (int i = 0; i < outputs.size(); i++) {
            Output output = outputs.get(i);
            Column column = output.column();
            AggregateColumn combined = column == null ? aggregate(output, i, outputs.size()) : null;
            if (column != null && groupKeys.contains(column)) {
                combined = new AggregateColumn(AggregateColumn.Kind.GROUP_KEY, i, -1, column.type());
            }
            if (combined == null) {
                return false;
            }
            columns.add(combined);
        }
        return true;
    }

    /** An average is the sum in its place, and the count in a hidden column. */
    private @Nullable AggregateColumn aggregate(Output output, int index, int outputs) {
        Expression expression = output.expression();
        AggregateColumn.Kind kind = expression == null ? null : Aggregates.kind(expression, relations);
        if (kind == null || !(expression instanceof Expression.FunctionCall call)) {
            return null;
        }
        var type = Aggregates.argumentType(call, relations);
        if (kind != AggregateColumn.Kind.AVG) {
            return new AggregateColumn(kind, index, -1, type);
        }
        Column argument = relations.column(call.arguments().values().get(0));
        if (argument == null) {
            return null;
        }
        splices.replace(call.name().start(), call.name().end(), "pg_catalog.sum");
        QueryBody.Target target = query.body().targets().get(index);
        if (target.label() == null) {
            splices.insertAfter(target, " AS \"avg\" ");
        }
        int count = outputs + hidden.add("pg_catalog.count(" + argument.source() + ")");
        return new AggregateColumn(kind, index, count, type);
    }

    /** A group key and how the groups are sorted by it. */
    private record GroupOrder(Column column, boolean descending, boolean nullsFirst) {
        String source() {
            return column.source() + (descending ? " DESC" : " ASC") + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
        }
    }

    /** The keys of ORDER BY, which must be group keys, and then all others; null if that can't be. */
    private @Nullable List<GroupOrder> order(List<Column> groupKeys) {
        List<GroupOrder> order = new ArrayList<>();
        List<Column> left = new ArrayList<>(groupKeys);
        for (io.pgring.pgsql.tree.SortKey key : query.select().orderBy()) {
            SortTarget target = SortTarget.ofOrderBy(
                    key, query.outputs(), relations, query.source().text());
            Column column = target == null ? null : target.column();
            if (column == null || !groupKeys.contains(column)) {
                return null;
            }
            if (left.remove(column)) {
                order.add(new GroupOrder(column, key.descending(), ScatterQuery.isNullsFirst(key)));
            }
        }
        left.forEach(column -> order.add(new GroupOrder(column, false, false)));
        return order.stream().allMatch(each -> each.column().type().isOrdered()) ? order : null;
    }

    private void sortBy(List<GroupOrder> order) {
        String list = String.join(", ", order.stream().map(GroupOrder::source).toList());
        List<io.pgring.pgsql.tree.SortKey> own = query.select().orderBy();
        if (own.isEmpty()) {
            splices.insertAfter(query.body(), " ORDER BY " + list + " ");
        } else {
            splices.replace(own.get(0).start(), own.get(own.size() - 1).end(), list);
        }
    }
}
