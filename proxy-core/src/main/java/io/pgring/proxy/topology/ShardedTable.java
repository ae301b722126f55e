package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.spread.StoredColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows are spread over the shards by a key column.
 *
 * @param definition schema, name, key column and columns, as the shard analysis wants them
 * @param keyType how the key is hashed
 * @param keyLengthMax n of {@code varchar(n)}, or {@link Integer#MAX_VALUE}: an INSERT of a longer value that ends in
 *     spaces is shortened by PostgreSQL before it is stored
 * @param generatedColumns whose values are computed: COPY leaves them out
 * @param storedColumns what a statement whose rows are carried must know of each column
 * @param columnDefinitions of each column its name, type and collation as text; must be the same on every shard
 * @param pinned why its rows can't be deleted and inserted in place of an UPDATE, as a sentence; null if they can
 */
public record ShardedTable(
        TableClass.Sharded definition,
        KeyType keyType,
        int keyLengthMax,
        List<String> generatedColumns,
        List<StoredColumn> storedColumns,
        List<String> columnDefinitions,
        @Nullable String pinned)
        implements DistributedTable {
    public ShardedTable {
        generatedColumns = List.copyOf(generatedColumns);
        storedColumns = List.copyOf(storedColumns);
        columnDefinitions = List.copyOf(columnDefinitions);
    }

    /** A table of whose columns the names and classes of types alone are known. */
    public ShardedTable(TableClass.Sharded definition, KeyType keyType, int keyLengthMax) {
        this(definition, keyType, keyLengthMax, List.of(), List.of(), definition.columns(), null);
    }

    /** The same without what counts on the home shard alone: its defaults, and what holds its rows. */
    ShardedTable withoutDefaults() {
        TableClass.Sharded plain = new TableClass.Sharded(
                definition.schema(),
                definition.name(),
                definition.keyColumn(),
                definition.columns(),
                definition.types());
        return new ShardedTable(plain, keyType, keyLengthMax, generatedColumns, List.of(), columnDefinitions, null);
    }

    /** The columns of a COPY that names none. */
    public List<String> copiedColumns() {
        return definition.columns().stream()
                .filter(column -> !generatedColumns.contains(column))
                .toList();
    }

    @Override
    public String qualifiedName() {
        return definition.qualifiedName();
    }
}
