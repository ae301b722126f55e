package io.pgring.proxy.topology;

import io.pgring.proxy.config.ShardConfiguration;

/**
 * One PostgreSQL server (database) that holds part of the rows.
 *
 * @param index its place in {@link Topology#shards()}
 * @param configuration its name, address and login
 */
public record Shard(int index, ShardConfiguration configuration) {

    /** The stable name of the shard, by which the ring knows it. */
    public String name() {
        return configuration.name();
    }
}
