package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;

/**
 * A table whose rows are spread over the shards by a key column.
 *
 * @param definition schema, name, key column and columns, as the shard analysis wants them
 * @param keyType how the key is hashed
 * @param keyLengthMax n of {@code varchar(n)}, or {@link Integer#MAX_VALUE}: an INSERT of a longer value that ends in
 *     spaces is shortened by PostgreSQL before it is stored
 */
public record ShardedTable(TableClass.Sharded definition, KeyType keyType, int keyLengthMax) {}
