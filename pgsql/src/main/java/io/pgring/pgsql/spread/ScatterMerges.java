package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Merge;
import org.jspecify.annotations.Nullable;

/**
 * MERGE into a sharded table that each shard can run over its own rows:
 *
 * <ul>
 *   <li>WHEN MATCHED and WHEN NOT MATCHED BY SOURCE are about rows of the target, each of which is on the shard of all rows of the source
 *       that it may match;
 *   <li>WHEN NOT MATCHED THEN INSERT is about rows of the source: these must be sharded, for what every shard has would be inserted
 *       by every shard; and the new row must have the key of its row of the source, so that it belongs to the same shard.
 * </ul>
 */
final class ScatterMerges {
    private final Merge merge;
    private final TableClass.Sharded table;
    private final ShardedFrom from;

    private ScatterMerges(Merge merge, TableClass.Sharded table, ShardedFrom from) {
        this.merge = merge;
        this.table = table;
        this.from = from;
    }

    static @Nullable Scatter scatter(Merge merge, Source source) {
        TableClass.Sharded table = ScatterWrites.sharded(merge.table().name(), source);
        if (table == null || !SameEverywhere.holds(merge, true)) {
            return null;
        }
        TableUses uses = TableUses.of(merge, source.catalog());
        ShardedFrom from = ShardedFrom.of(merge, table, uses);
        if (from == null || !ScatterReads.othersAreReferences(merge, uses, from)) {
            return null;
        }
        boolean stay = new ScatterMerges(merge, table, from).rowsStayOnTheirShard();
        return stay ? ScatterWrites.scatter(merge.returning()) : null;
    }

    private boolean rowsStayOnTheirShard() {
        return merge.whens().stream().allMatch(when -> switch (when.action()) {
            case UPDATE -> !ScatterWrites.assignsKey(when.assignments(), table);
            case INSERT -> insertsKeyOfSource(when);
            case DELETE, DO_NOTHING -> true;
        });
    }

    private boolean insertsKeyOfSource(Merge.When when) {
        Expression.Row values = when.values();
        int place = -1;
        for (int i = 0; i < when.columns().size(); i++) {
            ColumnTarget target = when.columns().get(i);
            if (target.column().value().equals(table.keyColumn())) {
                if (place >= 0 || !target.whole()) {
                    return false;
                }
                place = i;
            }
        }
        if (values == null || place < 0 || place >= values.elements().size()) {
            return false;
        }
        Column inserted = from.relations().column(values.elements().get(place));
        Column key = from.relations().of(merge.table()).key();
        return inserted != null
                && key != null
                && from.isKey(inserted)
                && KeyEqualities.areColocated(inserted, key)
                && ScatterWrites.staysInPlace(inserted, table);
    }
}
