package io.pgring.proxy.backend;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server connections of one event loop to one shard, lent for the length of a transaction.
 *
 * <p>Whoever comes takes the connection that was used last (its caches are warm), if possible one that already has the
 * wanted settings; else a new one is opened, up to the limit; else he waits in order of arrival. When the shard can't be
 * reached and no connection is left, those who wait are told at once, and so is whoever comes within the next
 * {@value #RETRY_MILLIS} ms; then another attempt is made.
 *
 * <pre>
 *            acquire                    release (idle)
 *   idle ───────────────► lent ─────────────────────────► idle ──► (next waiter)
 *     │ too old, unanswered  │ condemned, lost
 *     ▼                      ▼
 *   closed ◄─────────────────┘
 * </pre>
 *
 * Belongs to one event loop; {@link #health()} may be read by any thread.
 */
public final class ShardPool {
    private static final Logger LOG = LoggerFactory.getLogger(ShardPool.class);
    private static final long RETRY_MILLIS = 250;
    private static final int SEARCH_MAX = 16;

    private final Shard shard;
    private final EventLoop loop;
    private PoolConfiguration limits;
    private int connectionsMax;
    private final FlushQueue flushQueue;
    private final ShardMetrics metrics;
    private final ServerConnector connector;

    private final ArrayDeque<ServerConnection> idle = new ArrayDeque<>();
    private final Set<ServerConnection> open = new HashSet<>();
    private final ArrayDeque<Waiting> waiters = new ArrayDeque<>();
    private int connecting;
    private int kept;
    private boolean closed;
    private @Nullable ErrorResponse barred;
    private long retryNanos = System.nanoTime();
    private volatile ShardHealth health = ShardHealth.UNKNOWN;

    private record Waiting(Waiter waiter, long sinceNanos) {}

    ShardPool(Shard shard, EventLoop loop, PoolConfiguration limits, int connectionsMax, Parts parts) {
        this.shard = shard;
        this.loop = loop;
        this.limits = limits;
        this.connectionsMax = connectionsMax;
        this.flushQueue = parts.flushQueue();
        this.metrics = parts.metrics();
        this.connector = parts.connector();
    }

    /** What a pool works with. */
    record Parts(FlushQueue flushQueue, ShardMetrics metrics, ServerConnector connector) {}

    /** The shard that the connections lead to. */
    public Shard shard() {
        return shard;
    }

    /** How many connections there may be. */
    int connectionsMax() {
        return connectionsMax;
    }

    /** Whether the shard answered when last asked. */
    public ShardHealth health() {
        return health;
    }

    /** How many connections there are, and how many wait for one. Asked on the event loop. */
    PoolUse use() {
        assert loop.inEventLoop();
        return new PoolUse(open.size(), idle.size(), waiters.size(), kept);
    }

    /** A client keeps one of the connections between its transactions, or no longer does. */
    void onKept(boolean keeps) {
        kept += keeps ? 1 : -1;
    }

    FlushQueue flushQueue() {
        return flushQueue;
    }

    /** What is counted on this shard, by all event loops together. */
    public ShardMetrics metrics() {
        return metrics;
    }

    /** A free connection, at once; null when there is none: then {@link #await}. Prefers one that has {@code variables}. */
    public @Nullable ServerConnection tryAcquire(SessionVariables variables) {
        assert loop.inEventLoop();
        if (!waiters.isEmpty()) {
            return null;
        }
        return takeIdle(variables);
    }

    private @Nullable ServerConnection takeIdle(SessionVariables variables) {
        int searched = 0;
        for (Iterator<ServerConnection> it = idle.iterator(); it.hasNext() && searched < SEARCH_MAX; searched++) {
            ServerConnection candidate = it.next();
            if (candidate.isReusable() && candidate.variables().equals(variables)) {
                it.remove();
                return candidate;
            }
        }
        ServerConnection any;
        while ((any = idle.poll()) != null) {
            if (any.isReusable()) {
                return any;
            }
            any.close();
        }
        return null;
    }

    /** Waits in line for a connection. The answer may come before this method returns. */
    public void await(Waiter waiter) {
        assert loop.inEventLoop();
        if (closed) {
            waiter.onNoServerConnection(ServerErrors.shuttingDown());
        } else if (barred != null) {
            waiter.onNoServerConnection(barred);
        } else if (open.isEmpty() && connecting == 0 && System.nanoTime() < retryNanos && health.isDown()) {
            waiter.onNoServerConnection(health.cause());
        } else if (waiters.size() >= limits.queueLengthMax()) {
            waiter.onNoServerConnection(ServerErrors.queueFull(shard, limits.queueLengthMax()));
        } else {
            waiters.add(new Waiting(waiter, System.nanoTime()));
            openForWaiters();
        }
    }

    /** The waiter no longer wants one. */
    public void giveUp(Waiter waiter) {
        waiters.removeIf(waiting -> waiting.waiter() == waiter);
    }

    /** Takes a lent connection back. One with unfinished work, or in an unknown state, is closed. */
    public void release(ServerConnection connection) {
        assert loop.inEventLoop();
        if (connection.isBeingCancelled()) {
            connection.afterCancel(() -> release(connection));
            return;
        }
        if (!connection.isReusable() || closed || open.size() > connectionsMax) {
            connection.close();
            return;
        }
        connection.onReturned();
        idle.push(connection);
        serveWaiters();
    }

    private void serveWaiters() {
        while (!waiters.isEmpty()) {
            ServerConnection connection = takeIdle(SessionVariables.NONE);
            if (connection == null) {
                openForWaiters();
                return;
            }
            waiters.remove().waiter().onServerConnection(connection);
        }
    }

    private void openForWaiters() {
        while (connecting < waiters.size() && open.size() + connecting < connectionsMax) {
            connect();
        }
    }

    private void connect() {
        connecting++;
        connector.connect(shard, loop, new ServerConnector.Outcome() {
            @Override
            public void onLoggedIn(ServerSession session) {
                connecting--;
                ShardPool.this.onLoggedIn(session);
            }

            @Override
            public void onFailed(ErrorResponse cause) {
                connecting--;
                ShardPool.this.onConnectFailed(cause);
            }
        });
    }

    private void onLoggedIn(ServerSession session) {
        metrics.onConnectionOpened();
        if (closed) {
            session.channel().close();
            return;
        }
        if (health.isDown()) {
            LOG.info("shard is back shard={}", shard.name());
        }
        health = ShardHealth.UP;
        ServerConnection connection = new ServerConnection(session, this, limits.preparedStatementsMax());
        open.add(connection);
        session.channel().pipeline().addLast(connection);
        idle.push(connection);
        serveWaiters();
    }

    private void onConnectFailed(ErrorResponse cause) {
        metrics.onConnectionFailed();
        retryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
        if (open.isEmpty()) {
            if (!health.isDown()) {
                LOG.warn(
                        "shard is down shard={} error=\"{}\" detail=\"{}\"",
                        shard.name(),
                        cause.fields().message(),
                        cause.fields().detail());
            }
            health = ShardHealth.down(cause);
            if (connecting == 0) {
                failWaiters(cause);
            }
        }
    }

    private void failWaiters(ErrorResponse cause) {
        List<Waiting> told = new ArrayList<>(waiters);
        waiters.clear();
        told.forEach(waiting -> waiting.waiter().onNoServerConnection(cause));
    }

    void onClosed(ServerConnection connection, @Nullable ErrorResponse farewell) {
        open.remove(connection);
        idle.remove(connection);
        if (!closed && barred == null) {
            openForWaiters();
        }
    }

    /**
     * Nothing is sent to the shard as long as it is not known to be fit for its part of the rows.
     *
     * @param reason null: it is
     */
    void bar(@Nullable String reason) {
        barred = reason == null ? null : ServerErrors.unfit(shard, reason);
        health = barred == null ? ShardHealth.UNKNOWN : ShardHealth.down(barred);
    }

    /**
     * Other limits are in force. Connections that are too many are closed: idle ones now, the others when they come back.
     *
     * @param most how many connections there may be
     */
    void reload(PoolConfiguration next, int most) {
        limits = next;
        connectionsMax = most;
        int surplus = open.size() - most;
        for (ServerConnection connection : List.copyOf(idle)) {
            if (surplus-- > 0) {
                connection.close();
            }
        }
        openForWaiters();
    }

    /** Regular upkeep: who waited too long is told, old connections are closed, idle ones and the shard itself are tried. */
    void onTick() {
        long now = System.nanoTime();
        long waitNanosMax = TimeUnit.MILLISECONDS.toNanos(limits.queueWaitMillisMax());
        while (waitNanosMax > 0 && !waiters.isEmpty() && now - waiters.element().sinceNanos() > waitNanosMax) {
            waiters.remove()
                    .waiter()
                    .onNoServerConnection(
                            ServerErrors.waitedTooLong(shard, limits.queueWaitMillisMax(), kept, connectionsMax));
        }
        for (ServerConnection connection : List.copyOf(idle)) {
            check(connection, now);
        }
        if (open.isEmpty() && connecting == 0 && !closed && barred == null) {
            connect();
        }
    }

    private void check(ServerConnection connection, long now) {
        boolean old = isOver(now - connection.openedNanos(), limits.lifetimeMillisMax())
                || (open.size() > 1 && isOver(now - connection.idleSinceNanos(), limits.idleMillisMax()));
        boolean quiet = now - connection.idleSinceNanos() > TimeUnit.MILLISECONDS.toNanos(limits.healthCheckMillis());
        if (old) {
            idle.remove(connection);
            connection.close();
        } else if (quiet) {
            idle.remove(connection);
            ping(connection);
        }
    }

    /** Whether a limit, which may be 0 for none, is passed. */
    private static boolean isOver(long nanos, long millisMax) {
        return millisMax > 0 && nanos > TimeUnit.MILLISECONDS.toNanos(millisMax);
    }

    private void ping(ServerConnection connection) {
        Future<?> timeout = loop.schedule(connection::close, limits.connectMillisMax(), TimeUnit.MILLISECONDS);
        OwnRequest.ping(connection, error -> {
            timeout.cancel(false);
            release(connection);
        });
    }

    /** The definition of a table has changed under prepared statements: all connections are replaced as they come free. */
    void renew() {
        LOG.info("renewing server connections shard={} reason=\"a table has changed\"", shard.name());
        open.forEach(ServerConnection::condemn);
        for (ServerConnection connection : List.copyOf(idle)) {
            connection.close();
        }
    }

    void cancel(ServerConnection connection, Runnable onDone) {
        connector.cancel(connection, onDone);
    }

    /** Closes everything, lent connections too: who has them has had time to bring them back. */
    void close() {
        closed = true;
        failWaiters(ServerErrors.shuttingDown());
        List.copyOf(open).forEach(ServerConnection::close);
    }
}
