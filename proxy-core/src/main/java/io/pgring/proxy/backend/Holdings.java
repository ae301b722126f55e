package io.pgring.proxy.backend;

import io.pgring.proxy.topology.Shard;
import java.util.Arrays;

/** How many server connections one client holds on each shard. */
public final class Holdings {
    private int[] byShard = {};

    void add(Shard shard) {
        change(shard, 1);
    }

    void remove(Shard shard) {
        change(shard, -1);
    }

    /** Shards may have come since the session began. */
    private void change(Shard shard, int by) {
        if (shard.index() >= byShard.length) {
            byShard = Arrays.copyOf(byShard, shard.index() + 1);
        }
        byShard[shard.index()] += by;
    }

    /** Whether the client would wait for itself: a pool has no room for connections beside those that it holds. */
    boolean fill(ShardPool pool) {
        int index = pool.shard().index();
        return index < byShard.length && byShard[index] >= pool.connectionsMax();
    }
}
