package io.pgring.proxy.backend;

import io.pgring.proxy.topology.Shard;

/** How many server connections one client holds on each shard. */
public final class Holdings {
    private final int[] byShard;

    /** @param shards how many shards there are */
    public Holdings(int shards) {
        this.byShard = new int[shards];
    }

    void add(Shard shard) {
        byShard[shard.index()]++;
    }

    void remove(Shard shard) {
        byShard[shard.index()]--;
    }

    /** Whether the client would wait for itself: a pool has no room for connections beside those that it holds. */
    boolean fill(ShardPool pool) {
        return byShard[pool.shard().index()] >= pool.connectionsMax();
    }
}
