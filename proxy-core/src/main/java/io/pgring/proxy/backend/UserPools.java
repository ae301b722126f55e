package io.pgring.proxy.backend;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.TopologyView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools of one event loop: those of the users in the configuration, which there always are, and those of clients' users, which come with
 * the first session and go some time after the last. All of them share the {@link ShardRoom} of each shard.
 */
public final class UserPools {
    private static final Logger LOG = LoggerFactory.getLogger(UserPools.class);
    private static final long TICK_MILLIS = 500;

    private final EventLoop loop;
    private final int loops;
    private final FlushQueue flushQueue;
    private final TopologyView view;
    private final List<ShardMetrics> metrics;
    private final ServerConnector connector;
    private final Attachments attachments;
    private PoolConfiguration limits;
    private final List<ShardRoom> rooms = new ArrayList<>();
    private final List<PoolParts> parts = new ArrayList<>();
    private final ShardPools configured;
    private final Map<String, ShardPools> byUser = new HashMap<>();
    private @Nullable Future<?> ticking;

    /**
     * @param flushQueue of the event loop that the pools belong to
     * @param loops how many event loops share the limits
     * @param view whose shards there are
     * @param metrics what is counted, by shard index; grows before a shard comes
     * @param limits of all loops together; each gets its part
     * @param attachments how connections are attached to shards
     */
    public UserPools(
            FlushQueue flushQueue,
            int loops,
            TopologyView view,
            List<ShardMetrics> metrics,
            PoolConfiguration limits,
            ServerConnector connector,
            Attachments attachments) {
        this.attachments = attachments;
        this.loop = flushQueue.loop();
        this.loops = loops;
        this.flushQueue = flushQueue;
        this.view = view;
        this.metrics = metrics;
        this.connector = connector;
        this.limits = limits;
        this.configured = ShardPools.configured();
        add(view.get().placement());
    }

    /** Pools for shards that are new, of all users; those of shards that are gone are closed as they come free. */
    private void add(Placement placement) {
        List<Shard> shards = placement.shards();
        for (Shard shard : shards.subList(rooms.size(), shards.size())) {
            ShardRoom room = new ShardRoom(shard, limits, connectionsMax(limits, loops));
            PoolParts part = new PoolParts(flushQueue, metrics.get(shard.index()), connector, view, attachments);
            rooms.add(room);
            parts.add(part);
            configured.add(room, part, null);
            byUser.values().forEach(pools -> pools.add(room, part, configured));
        }
        for (int index : placement.gone()) {
            byUser.values().forEach(pools -> pools.of(shards.get(index)).retire());
            configured.of(shards.get(index)).retire();
        }
    }

    /** Makes ready for a placement that comes into force when this is complete. On any thread. */
    public Future<?> prepare(Placement next) {
        return loop.submit(() -> add(next));
    }

    private static int connectionsMax(PoolConfiguration limits, int loops) {
        return Math.max(1, limits.connectionsPerShardMax() / loops);
    }

    /** Warns of pools in which sessions wait for each other more often than not. */
    public static void warnIfNarrow(PoolConfiguration limits, int loops) {
        if (connectionsMax(limits, loops) < 2) {
            LOG.warn(
                    "one server connection per event loop and shard: transactions on several shards may wait for each other until"
                            + " one of them is told so; raise pool.connectionsPerShardMax or lower threads"
                            + " connectionsPerShardMax={} threads={}",
                    limits.connectionsPerShardMax(),
                    loops);
        }
    }

    /** The pools of the users in the configuration. */
    public ShardPools configured() {
        return configured;
    }

    /** The pools for a session of a client's user, until {@link #leave}. On the event loop. */
    public ShardPools enter(ServerCredentials client) {
        assert loop.inEventLoop();
        ShardPools pools = byUser.computeIfAbsent(client.user(), user -> ownPools(client));
        pools.onSession(client);
        return pools;
    }

    private ShardPools ownPools(ServerCredentials client) {
        ShardPools pools = ShardPools.of(client, rooms, parts, configured);
        Placement placement = view.get().placement();
        placement
                .gone()
                .forEach(index -> pools.of(placement.shards().get(index)).retire());
        return pools;
    }

    /** A session is over. On the event loop. */
    public void leave(ShardPools pools) {
        assert loop.inEventLoop();
        pools.onSessionOver();
    }

    /** Begins the upkeep: connections are opened, tried and replaced. */
    public void start() {
        ticking = loop.scheduleWithFixedDelay(this::onTick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void onTick() {
        rooms.forEach(ShardRoom::onTick);
        byUser.values().removeIf(pools -> {
            boolean unused = pools.isUnused();
            if (unused) {
                rooms.forEach(room -> room.remove(pools.of(room.shard())));
            }
            return unused;
        });
    }

    /**
     * Bars a shard, or lets it be used. On any thread.
     *
     * @param reason why it must not be used; null when it may
     * @return complete when it is done; failed when the loop has ended
     */
    public CompletableFuture<?> bar(Shard shard, @Nullable String reason) {
        try {
            return CompletableFuture.runAsync(() -> configured.of(shard).bar(reason), loop);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Brings other limits into force. On any thread. */
    public void reload(PoolConfiguration limits) {
        loop.execute(() -> {
            this.limits = limits;
            rooms.forEach(room -> room.reload(limits, connectionsMax(limits, loops)));
        });
    }

    /** How the pools of all users together are used, by shard index. On any thread. */
    public Future<List<PoolUse>> use() {
        return loop.submit(() -> {
            List<PoolUse> sum = new ArrayList<>();
            for (ShardRoom room : rooms) {
                PoolUse use = configured.of(room.shard()).use();
                for (ShardPools pools : byUser.values()) {
                    use = use.plus(pools.of(room.shard()).use());
                }
                sum.add(use);
            }
            return sum;
        });
    }

    /** Closes all connections. On any thread. */
    public Future<?> close() {
        return loop.submit(() -> {
            if (ticking != null) {
                ticking.cancel(false);
            }
            byUser.values().forEach(ShardPools::close);
            configured.close();
        });
    }
}
