package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.analysis.SameEverywhere;
import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Update;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE, DELETE and INSERT ... SELECT that each shard can run over its own rows. The time may be asked for: it differs between shards by
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

    /** One whose rows stay on the shard on which they arise: their key is that of the row that they are made of. */
    static @Nullable Scatter insert(Insert insert, Source source) {
        TableClass.Sharded table = sharded(insert.table(), source);
        Select rows = insert.source();
        if (table == null
                || rows == null
                || insert.with() != null
                || !rows.locking().isEmpty()
                || !ShardAnalysis.takesKnownDefaults(insert, table)
                || !SameEverywhere.holds(rows, true)
                || !SameEverywhere.holds(InsertedRows.ofConstants(insert, table), true)) {
            return null;
        }
        ScatterQuery query = ScatterReads.query(rows, insert, source);
        if (query == null || !rows.orderBy().isEmpty() || !ScatterReads.isAppended(ScatterReads.scatter(query))) {
            return null;
        }
        Output key = query.outputs().placed(InsertedRows.keyPlace(insert, table));
        Column column = key == null ? null : key.column();
        if (column == null || !query.from().isKey(column) || !staysInPlace(column, table)) {
            return null;
        }
        return scatter(insert.returning());
    }

    /** Whether a value of a key column has the same token as a key of a table. */
    static boolean staysInPlace(Column column, TableClass.Sharded table) {
        boolean sameTable = table.equals(column.relation().sharded());
        return sameTable || (!table.shortensKeys() && isAlike(column.type(), table.keyType()));
    }

    private static boolean isAlike(ColumnType type, ColumnType other) {
        return switch (type) {
            case SMALLINT, INTEGER, BIGINT ->
                other == ColumnType.SMALLINT || other == ColumnType.INTEGER || other == ColumnType.BIGINT;
            case TEXT, TEXT_BY_BYTES -> other == ColumnType.TEXT || other == ColumnType.TEXT_BY_BYTES;
            case UUID -> other == ColumnType.UUID;
            default -> false;
        };
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
