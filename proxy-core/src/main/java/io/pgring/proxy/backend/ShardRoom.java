package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room for connections to one shard that the pools of all users on an event loop share, and the line of those who wait for one. Who came
 * first is served first, whichever user he is: by a free connection of his user, by a new one if there is room for it, else by closing the
 * one of another user that has been idle for the longest time.
 *
 * <pre>
 *   line   a1  b1  a2  c1           room for 3
 *   pools  a ▓▓    b ▓░             ▓ lent  ░ idle: closed for a1, since a has none that is idle
 * </pre>
 *
 * Belongs to one event loop.
 */
final class ShardRoom {
    private static final Logger LOG = LoggerFactory.getLogger(ShardRoom.class);

    private final Shard shard;
    private PoolConfiguration limits;
    private int connectionsMax;
    private final List<ShardPool> pools = new ArrayList<>();
    private final ArrayDeque<Waiting> line = new ArrayDeque<>();
    /** Connections that are open or being opened. */
    private int taken;

    /** Those that clients have who may need others to come to their end. */
    private final IdentityHashMap<ServerConnection, Holdings> lent = new IdentityHashMap<>();

    /** How many are, or will be, with clients who may stop half-way and wait for others meanwhile. */
    private int spare;

    private int round;
    private boolean serving;
    private boolean serveAgain;
    private @Nullable ErrorResponse barred;
    private boolean fenced = true;

    private record Waiting(ShardPool pool, Waiter waiter, long sinceNanos) {}

    ShardRoom(Shard shard, PoolConfiguration limits, int connectionsMax) {
        this.shard = shard;
        this.limits = limits;
        this.connectionsMax = connectionsMax;
    }

    Shard shard() {
        return shard;
    }

    PoolConfiguration limits() {
        return limits;
    }

    int connectionsMax() {
        return connectionsMax;
    }

    void add(ShardPool pool) {
        pools.add(pool);
    }

    void remove(ShardPool pool) {
        pools.remove(pool);
    }

    boolean hasWaiters() {
        return !line.isEmpty();
    }

    int waitersOf(ShardPool pool) {
        return (int) line.stream().filter(waiting -> waiting.pool() == pool).count();
    }

    /** Why nothing is sent to the shard; null when it may be. */
    @Nullable
    ErrorResponse barred() {
        return barred;
    }

    /** Those who wait are told; transactions that are under way on the shard come to their end. */
    void bar(@Nullable ErrorResponse reason) {
        barred = reason;
        if (reason != null) {
            for (ShardPool pool : List.copyOf(pools)) {
                pool.closeIdle();
                fail(pool, reason);
            }
        }
        serve();
    }

    /** A server has said whether it can keep old topologies away. */
    void onFenced(boolean isFenced) {
        if (fenced && !isFenced) {
            LOG.warn(
                    "rows can't be moved from or to a shard hint=\"the role of the proxy must be able to make functions in schema"
                            + " pgring\" shard={}",
                    shard.name());
        }
        fenced = isFenced;
    }

    boolean isFull() {
        return taken >= connectionsMax;
    }

    /** Whether there are more connections than there may be, as after {@link #reload}. */
    boolean isOverfull() {
        return taken > connectionsMax;
    }

    /**
     * Whether there is a connection for a client who may stop half-way and then wait for others. The last one of several is none: so those
     * who have no such connections come to their end, and whoever waits is served in the end.
     *
     * @param waits whether it may be waited for, by a client that holds nothing else; if not, it has to be there
     */
    boolean hasSpare(boolean waits) {
        boolean leavesOne = spare + 1 < connectionsMax;
        if (waits) {
            return leavesOne || connectionsMax == 1;
        }
        return leavesOne && line.isEmpty() && (!isFull() || pools.stream().anyMatch(ShardPool::hasIdle));
    }

    /** One more of them is such a connection, or one less. */
    void onSpare(boolean more) {
        spare += more ? 1 : -1;
    }

    /**
     * Other limits are in force. Connections that are too many are closed: idle ones now, those that were idle for the longest time first,
     * the others when they come back.
     *
     * @param most how many connections there may be
     */
    void reload(PoolConfiguration next, int most) {
        limits = next;
        connectionsMax = most;
        boolean closed = true;
        while (isOverfull() && closed) {
            closed = makeRoom(null);
        }
        serve();
    }

    /** A connection is being opened. */
    void take() {
        taken++;
    }

    /** A connection is closed, or could not be opened. */
    void giveBack() {
        taken--;
    }

    void await(ShardPool pool, Waiter waiter) {
        if (line.size() >= limits.queueLengthMax()) {
            waiter.onNoServerConnection(ServerErrors.queueFull(shard, limits.queueLengthMax()));
            return;
        }
        line.add(new Waiting(pool, waiter, System.nanoTime()));
        Holdings holdings = waiter.holdings();
        if (holdings != null) {
            holdings.toAwaited(this);
        }
        serve();
        if (holdings != null && holdings.awaited() == this && holdings.isAny() && isDeadlock()) {
            giveUp(waiter);
            waiter.onNoServerConnection(ServerErrors.deadlock(shard));
        }
    }

    void giveUp(Waiter waiter) {
        if (line.removeIf(waiting -> waiting.waiter() == waiter)) {
            onLeft(waiter);
        }
    }

    private static void onLeft(Waiter waiter) {
        Holdings holdings = waiter.holdings();
        if (holdings != null) {
            holdings.toAwaited(null);
        }
    }

    /** A client has a connection. */
    void onLent(ServerConnection connection, Holdings holder) {
        lent.put(connection, holder);
    }

    /** Nothing that the client does can delay any more that it comes back. */
    void onLeaving(ServerConnection connection) {
        lent.remove(connection);
    }

    /** Whether all connections are with clients who wait for others, all of which are with clients who wait as well. */
    private boolean isDeadlock() {
        Set<ShardRoom> seen = new LinkedHashSet<>(List.of(this));
        Deque<ShardRoom> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            ShardRoom room = next.remove();
            if (!room.isFull() || room.lent.size() < room.taken) {
                return false;
            }
            for (Holdings holder : room.lent.values()) {
                ShardRoom awaited = holder.awaited();
                if (awaited == null) {
                    return false;
                }
                if (seen.add(awaited)) {
                    next.add(awaited);
                }
            }
        }
        return true;
    }

    /** Something has changed: serves who can be served. */
    void serve() {
        if (serving) {
            serveAgain = true;
            return;
        }
        serving = true;
        try {
            do {
                serveAgain = false;
                serveOnce();
            } while (serveAgain);
        } finally {
            serving = false;
        }
    }

    /** Goes along the line until somebody is served, after which all may be different, or has to wait. */
    private void serveOnce() {
        round++;
        for (Iterator<Waiting> it = line.iterator(); it.hasNext(); ) {
            Waiting next = it.next();
            ServerConnection idle = next.pool().takeIdle(SessionVariables.NONE);
            if (idle != null) {
                it.remove();
                onLeft(next.waiter());
                serveAgain = true;
                next.waiter().onServerConnection(idle);
                return;
            }
            if (next.pool().awaitsConnectionFor(round)
                    || barred != null
                    || !next.pool().mayConnect()) {
                continue;
            }
            if (isFull() && !makeRoom(next.pool())) {
                return;
            }
            next.pool().connect(round);
        }
    }

    /** Closes the connection of another user, or of any, that has been idle for the longest time. */
    private boolean makeRoom(@Nullable ShardPool wanting) {
        ShardPool longest = null;
        for (ShardPool pool : pools) {
            if (pool != wanting
                    && pool.hasIdle()
                    && (longest == null || pool.idleSinceNanos() - longest.idleSinceNanos() < 0)) {
                longest = pool;
            }
        }
        return longest != null && longest.closeLongestIdle();
    }

    /** Tells all who wait for a connection of a pool that there will be none. */
    void fail(ShardPool pool, ErrorResponse cause) {
        List<Waiter> told = new ArrayList<>();
        line.removeIf(waiting -> waiting.pool() == pool && told.add(waiting.waiter()));
        told.forEach(ShardRoom::onLeft);
        told.forEach(waiter -> waiter.onNoServerConnection(cause));
    }

    private ErrorResponse waitedTooLong(ShardPool pool) {
        if (pool.isOutdated()) {
            return ServerErrors.outdated(shard);
        }
        int kept = pools.stream().mapToInt(ShardPool::kept).sum();
        return ServerErrors.waitedTooLong(shard, limits.queueWaitMillisMax(), kept, connectionsMax);
    }

    /** Regular upkeep: who waited too long is told. */
    void onTick() {
        long now = System.nanoTime();
        long waitNanosMax = TimeUnit.MILLISECONDS.toNanos(limits.queueWaitMillisMax());
        while (waitNanosMax > 0 && !line.isEmpty() && now - line.element().sinceNanos() > waitNanosMax) {
            Waiting first = line.remove();
            onLeft(first.waiter());
            first.waiter().onNoServerConnection(waitedTooLong(first.pool()));
        }
        List.copyOf(pools).forEach(ShardPool::onTick);
        serve();
    }
}
