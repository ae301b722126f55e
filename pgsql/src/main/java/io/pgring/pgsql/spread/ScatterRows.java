package io.pgring.pgsql.spread;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries each of whose result rows comes from one shard as it is: one after another, or sorted. */
final class ScatterRows {
    private ScatterRows() {}

    static @Nullable Scatter scatter(ScatterQuery query) {
        SpliceList splices = query.splices();
        query.limits().splice(splices);
        RowLimit limit = query.limits().limit();
        boolean locks = !query.select().locking().isEmpty();
        if (query.select().orderBy().isEmpty()) {
            return new Scatter(splices.sorted(), new Combination.Append(limit), locks);
        }
        HiddenColumns hidden = new HiddenColumns();
        List<SortKey> keys = new ArrayList<>();
        for (io.pgring.pgsql.tree.SortKey key : query.select().orderBy()) {
            SortTarget target = SortTarget.ofOrderBy(
                    key, query.outputs(), query.relations(), query.source().text());
            if (target == null) {
                return null;
            }
            int column = target.index();
            if (column < 0) {
                if (target.column() == null || query.body().distinct() || !query.isExtensible()) {
                    return null;
                }
                column = -1 - hidden.add(target.column().source());
            }
            keys.add(new SortKey(column, target.type(), key.descending(), ScatterQuery.isNullsFirst(key)));
        }
        hidden.splice(query.body(), splices);
        List<SortKey> placed = keys.stream()
                .map(key -> key.column() >= 0 ? key : fromTheLast(key, hidden.count()))
                .toList();
        return new Scatter(splices.sorted(), new Combination.Ordered(placed, hidden.count(), limit), locks);
    }

    /** From {@code -1 - place} among the hidden columns to the place counted from the last one. */
    private static SortKey fromTheLast(SortKey key, int hiddenColumns) {
        int place = -1 - key.column();
        return new SortKey(place - hiddenColumns, key.type(), key.descending(), key.nullsFirst());
    }
}
