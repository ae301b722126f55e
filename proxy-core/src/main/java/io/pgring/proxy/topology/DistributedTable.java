package io.pgring.proxy.topology;

import java.util.List;

/** A table that is on every shard, with the same definition. */
public sealed interface DistributedTable permits ShardedTable, ReferenceTable {
    /** {@code schema.name}, for messages. */
    String qualifiedName();

    /** Of each column its name, type and collation as text. */
    List<String> columnDefinitions();
}
