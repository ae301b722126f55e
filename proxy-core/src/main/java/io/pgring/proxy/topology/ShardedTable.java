package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;
import java.util.List;

/**
 * A table whose rows are spread over the shards by a key column.
 *
 * @param definition schema, name, key column and columns, as the shard analysis wants them
 * @param keyType how the key is hashed
 * @param keyLengthMax n of {@code varchar(n)}, or {@link Integer#MAX_VALUE}: an INSERT of a longer value that ends in
 *     spaces is shortened by PostgreSQL before it is stored
 * @param columnDefinitions of each column its name, type and collation as text; must be the same on every shard
 */
public record ShardedTable(
        TableClass.Sharded definition, KeyType keyType, int keyLengthMax, List<String> columnDefinitions)
        implements DistributedTable {
    public ShardedTable {
        columnDefinitions = List.copyOf(columnDefinitions);
    }

    /** A table of whose columns the names and classes of types alone are known. */
    public ShardedTable(TableClass.Sharded definition, KeyType keyType, int keyLengthMax) {
        this(definition, keyType, keyLengthMax, definition.columns());
    }

    @Override
    public String qualifiedName() {
        return definition.qualifiedName();
    }
}
