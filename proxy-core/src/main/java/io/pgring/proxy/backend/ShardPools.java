package io.pgring.proxy.backend;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pools of one event loop: one for every shard, by index. */
public final class ShardPools {
    private static final Logger LOG = LoggerFactory.getLogger(ShardPools.class);
    private static final long TICK_MILLIS = 500;

    private final EventLoop loop;
    private final int loops;
    private final List<ShardPool> pools = new ArrayList<>();
    private final CheckedSettings checkedSettings = new CheckedSettings();
    private @Nullable Future<?> ticking;

    /**
     * @param flushQueue of the event loop that the pools belong to
     * @param loops how many event loops share the limits
     * @param shards all shards
     * @param metrics what is counted, by shard index
     * @param limits of all loops together; each gets its part
     */
    public ShardPools(
            FlushQueue flushQueue,
            int loops,
            List<Shard> shards,
            List<ShardMetrics> metrics,
            PoolConfiguration limits,
            ServerConnector connector) {
        this.loop = flushQueue.loop();
        this.loops = loops;
        int connectionsMax = connectionsMax(limits, loops);
        for (Shard shard : shards) {
            ShardPool.Parts parts = new ShardPool.Parts(flushQueue, metrics.get(shard.index()), connector);
            pools.add(new ShardPool(shard, loop, limits, connectionsMax, parts));
        }
    }

    private static int connectionsMax(PoolConfiguration limits, int loops) {
        return Math.max(1, limits.connectionsPerShardMax() / loops);
    }

    /** Warns of pools in which sessions wait for each other more often than not. */
    public static void warnIfNarrow(PoolConfiguration limits, int loops) {
        if (connectionsMax(limits, loops) < 2) {
            LOG.warn(
                    "one server connection per event loop and shard: transactions on several shards may wait for each other until"
                            + " pool.queueWaitMillisMax ends them; raise pool.connectionsPerShardMax or lower threads"
                            + " connectionsPerShardMax={} threads={}",
                    limits.connectionsPerShardMax(),
                    loops);
        }
    }

    /** Begins the upkeep: connections are opened, tried and replaced. */
    public void start() {
        ticking =
                loop.scheduleAtFixedRate(() -> pools.forEach(ShardPool::onTick), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The pool for a shard. */
    public ShardPool of(Shard shard) {
        return pools.get(shard.index());
    }

    /** A pool for statements that any shard can answer: the first whose shard is up. */
    public ShardPool any() {
        for (ShardPool pool : pools) {
            if (!pool.health().isDown()) {
                return pool;
            }
        }
        return pools.get(0);
    }

    /** As {@link #any()}, for a client that holds connections: of one that it does not fill by itself, if there is any. */
    ShardPool any(Holdings holdings) {
        for (ShardPool pool : pools) {
            if (!pool.health().isDown() && !holdings.fill(pool)) {
                return pool;
            }
        }
        return any();
    }

    /**
     * Bars a shard, or lets it be used. On any thread.
     *
     * @param reason why it must not be used; null when it may
     */
    public void bar(Shard shard, @Nullable String reason) {
        loop.execute(() -> of(shard).bar(reason));
    }

    /** Brings other limits into force. On any thread. */
    public void reload(PoolConfiguration limits) {
        loop.execute(() -> pools.forEach(pool -> pool.reload(limits, connectionsMax(limits, loops))));
    }

    /** All pools, by shard index. */
    public List<ShardPool> all() {
        return List.copyOf(pools);
    }

    /** The settings that a server has accepted lately. */
    public CheckedSettings checkedSettings() {
        return checkedSettings;
    }

    /** How the pools are used, by shard index. */
    public Future<List<PoolUse>> use() {
        return loop.submit(() -> pools.stream().map(ShardPool::use).toList());
    }

    /** Closes all connections that nobody uses now, and the others when they come back. On any thread. */
    public Future<?> close() {
        return loop.submit(() -> {
            if (ticking != null) {
                ticking.cancel(false);
            }
            pools.forEach(ShardPool::close);
        });
    }
}
