package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Update;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE and DELETE that each shard can run over its own rows. The time may be asked for: it differs between shards by
 * microseconds, as it does between the transactions of any two clients; a write has no other way, since views over foreign tables
 * can't be written.
 */
final class ScatterWrites {
    private static final RowLimit NO_LIMIT = new RowLimit(new RowLimit.Bound.None(), new RowLimit.Bound.None());

    private ScatterWrites() {}

    static @Nullable Scatter update(Update update, Source source) {
        TableClass.Sharded table = sharded(update.table().name(), source);
        if (table == null || assignsKey(update.assignments(), table)) {
            return null;
        }
        return scatter(update, update.table(), update.from(), update.where(), update.returning(), source);
    }

    static @Nullable Scatter delete(Delete delete, Source source) {
        return scatter(delete, delete.table(), delete.using(), delete.where(), delete.returning(), source);
    }

    private static @Nullable Scatter scatter(
            Statement statement,
            FromItem.TableReference target,
            List<FromItem> items,
            @Nullable Expression where,
            List<QueryBody.Target> returning,
            Source source) {
        TableClass.Sharded table = sharded(target.name(), source);
        if (table == null || !SameEverywhere.holds(statement, true)) {
            return null;
        }
        TableUses uses = TableUses.of(statement, source.catalog());
        ShardedFrom from = ShardedFrom.of(target, table, items, where, uses);
        if (from == null || !ScatterReads.othersAreReferences(statement, uses, from)) {
            return null;
        }
        return scatter(returning);
    }

    /** Of a statement that each shard runs as it is. */
    static Scatter scatter(List<QueryBody.Target> returning) {
        Combination combination = returning.isEmpty() ? new Combination.Counted() : new Combination.Append(NO_LIMIT);
        return new Scatter(List.of(), combination, true);
    }

    static TableClass.@Nullable Sharded sharded(QualifiedName name, Source source) {
        return source.catalog().find(name.schema(), name.name()) instanceof TableClass.Sharded table ? table : null;
    }

    static boolean assignsKey(List<Assignment> assignments, TableClass.Sharded table) {
        return assignments.stream()
                .flatMap(assignment -> assignment.columns().stream())
                .anyMatch(target -> target.column().value().equals(table.keyColumn()));
    }
}
