package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item of FROM that is no join. Compared by identity: a table may stand there twice.
 *
 * <p>One that is not sharded has the same rows on every shard: a reference table, a function, a query over these.
 */
final class Relation {
    private final String name;
    private final TableClass.@Nullable Sharded table;
    private final List<String> columns;

    private Relation(String name, TableClass.@Nullable Sharded table, List<String> columns) {
        this.name = name;
        this.table = table;
        this.columns = columns;
    }

    static Relation sharded(TableClass.Sharded table, FromItem.TableReference item) {
        FromItem.Alias alias = item.alias();
        if (alias == null) {
            return new Relation(table.name(), table, table.columns());
        }
        List<String> columns = new ArrayList<>(table.columns());
        List<Name> names = alias.columns();
        for (int i = 0; i < names.size() && i < columns.size(); i++) {
            columns.set(i, names.get(i).value());
        }
        return new Relation(alias.name().value(), table, List.copyOf(columns));
    }

    /** One with the same rows on every shard; its columns are not known. */
    static Relation replicated(String name) {
        return new Relation(name, null, List.of());
    }

    /** The name that its columns are qualified with; empty if it has none. */
    String name() {
        return name;
    }

    boolean isSharded() {
        return table != null;
    }

    /** The table of one that is sharded. */
    TableClass.Sharded sharded() {
        if (table == null) {
            throw new IllegalStateException("the relation is not sharded");
        }
        return table;
    }

    /** Of one that is sharded: all columns by the names that they have here, in table order. */
    List<String> columns() {
        return columns;
    }

    /** The column of a name, or null if there is none or more than one. */
    @Nullable
    Column column(String column) {
        int index = columns.indexOf(column);
        return index < 0 || index != columns.lastIndexOf(column) ? null : new Column(this, index);
    }

    /** The key column, or null if its name doesn't tell it. */
    @Nullable
    Column key() {
        int index = sharded().columns().indexOf(sharded().keyColumn());
        return index < 0 ? null : column(columns.get(index));
    }
}
