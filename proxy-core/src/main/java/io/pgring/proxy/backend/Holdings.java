package io.pgring.proxy.backend;

import io.pgring.proxy.topology.Shard;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How many server connections one client holds on each shard, and where he waits for one more. */
public final class Holdings {
    private int[] byShard = {};
    private @Nullable ShardRoom awaited;

    /** Where the client waits; null when he doesn't. */
    @Nullable
    ShardRoom awaited() {
        return awaited;
    }

    void toAwaited(@Nullable ShardRoom room) {
        awaited = room;
    }

    /** Whether there is any. */
    boolean isAny() {
        for (int held : byShard) {
            if (held > 0) {
                return true;
            }
        }
        return false;
    }

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
