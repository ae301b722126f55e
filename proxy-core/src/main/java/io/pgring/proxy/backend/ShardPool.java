package io.pgring.proxy.backend;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.TopologyView;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server connections of one event loop to one shard as one user, lent for the length of a transaction.
 *
 * <p>Whoever comes takes the connection that was used last (its caches are warm), if possible one that already has the
 * wanted settings; else he waits in the line of the {@link ShardRoom}, until one is opened or comes back. When the shard can't be
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

    private final ShardRoom room;
    private final EventLoop loop;
    private final Supplier<ServerCredentials> credentials;
    private final @Nullable ShardPool watched;
    private final FlushQueue flushQueue;
    private final ShardMetrics metrics;
    private final ServerConnector connector;
    private final TopologyView view;
    private final Attachments attachments;

    private final ArrayDeque<ServerConnection> idle = new ArrayDeque<>();
    private final Set<ServerConnection> open = new HashSet<>();
    private int connecting;
    /** How many of those that are being opened somebody in the line is to get, as counted in one round of serving it. */
    private int promised;

    private int promisedInRound;
    /** How many clients keep between their transactions. */
    private int kept;

    private boolean closed;
    /** The shard has been taken away: what is under way on it comes to its end. */
    private boolean retired;

    private final OutdatedTopology outdated = new OutdatedTopology();
    /** Why the last connection could not be opened. */
    private @Nullable ErrorResponse failure;

    private long retryNanos = System.nanoTime();
    private volatile ShardHealth health = ShardHealth.UNKNOWN;

    /**
     * @param credentials as whom to log in from now on
     * @param watched the pool that knows of the shard's health, of the configured user; null when it is this one
     */
    ShardPool(ShardRoom room, Supplier<ServerCredentials> credentials, @Nullable ShardPool watched, PoolParts parts) {
        this.room = room;
        this.credentials = credentials;
        this.watched = watched;
        this.flushQueue = parts.flushQueue();
        this.loop = flushQueue.loop();
        this.metrics = parts.metrics();
        this.connector = parts.connector();
        this.view = parts.view();
        this.attachments = parts.attachments();
        room.add(this);
    }

    /** The shard that the connections lead to. */
    public Shard shard() {
        return room.shard();
    }

    DescribedRows describedRows() {
        return new DescribedRows(view, shard());
    }

    int @Nullable [] typesToShard(int[] oids) {
        int[] types = view.get().oidsOf(shard()).typesToShard(oids);
        if (types == null) {
            view.doubt();
        }
        return types;
    }

    /** How many connections there may be. */
    int connectionsMax() {
        return room.connectionsMax();
    }

    /** Whether the shard answered when last asked. */
    public ShardHealth health() {
        return watched == null ? health : watched.health();
    }

    /** How many connections there are, and how many wait for one. Asked on the event loop. */
    PoolUse use() {
        assert loop.inEventLoop();
        return new PoolUse(open.size(), idle.size(), room.waitersOf(this), kept);
    }

    /** Whether it has no connection and nobody wants one. */
    boolean isUnused() {
        return open.isEmpty() && connecting == 0 && room.waitersOf(this) == 0;
    }

    /** A client keeps one of the connections between its transactions, or no longer does. */
    void onKept(boolean keeps) {
        kept += keeps ? 1 : -1;
    }

    /** How many clients keep between their transactions. */
    int kept() {
        return kept;
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
        return room.hasWaiters() ? null : takeIdle(variables);
    }

    @Nullable
    ServerConnection takeIdle(SessionVariables variables) {
        if (isShut()) {
            return null;
        }
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
        ErrorResponse barred = room.barred();
        ErrorResponse known = failure;
        if (closed) {
            waiter.onNoServerConnection(ServerErrors.shuttingDown());
        } else if (barred != null) {
            waiter.onNoServerConnection(barred);
        } else if (open.isEmpty() && connecting == 0 && System.nanoTime() < retryNanos && known != null) {
            waiter.onNoServerConnection(known);
        } else {
            room.await(this, waiter);
        }
    }

    /** The waiter no longer wants one. */
    public void giveUp(Waiter waiter) {
        room.giveUp(waiter);
    }

    /** Takes a lent connection back. One with unfinished work, or in an unknown state, is closed. */
    public void release(ServerConnection connection) {
        assert loop.inEventLoop();
        if (connection.isBeingCancelled()) {
            connection.afterCancel(() -> release(connection));
            return;
        }
        if (!connection.isReusable() || isShut() || room.isOverfull() || (retired && !room.hasWaiters())) {
            connection.close();
            return;
        }
        connection.onReturned();
        idle.push(connection);
        room.serve();
    }

    private boolean isShut() {
        return closed || room.barred() != null;
    }

    /** Not soon after an attempt has failed. */
    boolean mayConnect() {
        return !closed && (failure == null || System.nanoTime() >= retryNanos);
    }

    /** As {@link ShardRoom#hasSpare}. */
    public boolean hasSpare(boolean waits) {
        assert loop.inEventLoop();
        return room.hasSpare(waits);
    }

    ShardRoom room() {
        return room;
    }

    /** A client that may stop half-way borrows one more connection, or one less. */
    public void onSpare(boolean borrows) {
        room.onSpare(borrows);
    }

    boolean hasIdle() {
        return !idle.isEmpty();
    }

    /** Since when the connection has been idle that has been so for the longest time. There must be one. */
    long idleSinceNanos() {
        return idle.getLast().idleSinceNanos();
    }

    /** Closes that connection: another user needs the room. */
    boolean closeLongestIdle() {
        ServerConnection connection = idle.pollLast();
        if (connection != null) {
            forget(connection);
            connection.close();
        }
        return connection != null;
    }

    private void forget(ServerConnection connection) {
        if (open.remove(connection)) {
            room.giveBack();
        }
        idle.remove(connection);
        room.onLeaving(connection);
    }

    /** Promises somebody in the line a connection that is being opened; false when all of them are promised in this round. */
    boolean awaitsConnectionFor(int round) {
        if (promisedInRound != round) {
            promisedInRound = round;
            promised = 0;
        }
        if (promised >= connecting) {
            return false;
        }
        promised++;
        return true;
    }

    /** Opens a connection for somebody in the line. */
    void connect(int round) {
        if (promisedInRound == round) {
            promised++;
        }
        connect();
    }

    private void connect() {
        connecting++;
        room.take();
        connector.connect(shard(), credentials.get(), loop, new ServerConnector.Outcome() {
            @Override
            public void onLoggedIn(ServerSession session) {
                attach(session);
            }

            @Override
            public void onFailed(ErrorResponse cause) {
                connecting--;
                ShardPool.this.onConnectFailed(cause);
            }
        });
    }

    private void attach(ServerSession session) {
        long version = view.get().placement().version();
        if (version == 0) {
            connecting--;
            onLoggedIn(session);
            return;
        }
        long millisMax = room.limits().connectMillisMax();
        attachments.begin(session.channel(), shard(), version, millisMax, new ServerAttachment.Outcome() {
            @Override
            public void onAttached(boolean fenced, long lowest) {
                connecting--;
                outdated.onAccepted();
                room.onFenced(fenced);
                onLoggedIn(session.attached(lowest));
            }

            @Override
            public void onOutdated() {
                long pause = outdated.onRefused(version, System.nanoTime());
                loop.schedule(ShardPool.this::onOutdated, pause, TimeUnit.MILLISECONDS);
            }

            @Override
            public void onFailed(ErrorResponse cause) {
                connecting--;
                onConnectFailed(cause);
            }
        });
    }

    /** The topology follows by itself; who waits goes on waiting, but not for longer than for anything else. */
    private void onOutdated() {
        connecting--;
        if (outdated.lasts(room.limits().queueWaitMillisMax(), System.nanoTime())) {
            onConnectFailed(ServerErrors.outdated(shard()));
        } else {
            room.giveBack();
            room.serve();
        }
    }

    /** Whether the shard refuses connections because the proxy does not know yet where rows are. */
    boolean isOutdated() {
        return outdated.isRefused();
    }

    private void onLoggedIn(ServerSession session) {
        metrics.onConnectionOpened();
        if (isShut()) {
            room.giveBack();
            session.channel().close();
            return;
        }
        if (health.isDown()) {
            LOG.info("shard is back shard={}", shard().name());
        }
        health = ShardHealth.UP;
        failure = null;
        ServerConnection connection =
                new ServerConnection(session, this, room.limits().preparedStatementsMax());
        open.add(connection);
        session.channel().pipeline().addLast(connection);
        idle.push(connection);
        room.serve();
    }

    private void onConnectFailed(ErrorResponse cause) {
        metrics.onConnectionFailed();
        room.giveBack();
        retryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
        failure = cause;
        if (open.isEmpty()) {
            if (watched == null) {
                onDown(cause);
            }
            if (connecting == 0) {
                room.fail(this, cause);
            }
        }
        room.serve();
    }

    private void onDown(ErrorResponse cause) {
        if (!health.isDown()) {
            LOG.warn(
                    "shard is down shard={} error=\"{}\" detail=\"{}\"",
                    shard().name(),
                    cause.fields().message(),
                    cause.fields().detail());
        }
        health = ShardHealth.down(cause);
    }

    /** There are other credentials: what the server has said of the former ones does not count. */
    void onCredentials() {
        failure = null;
    }

    void onClosed(ServerConnection connection, @Nullable ErrorResponse farewell) {
        forget(connection);
        if (!closed) {
            room.serve();
        }
    }

    /**
     * Nothing is sent to the shard as long as it is not known to be fit for its part of the rows.
     *
     * @param reason null: it is
     */
    void bar(@Nullable String reason) {
        ErrorResponse barred = reason == null ? null : ServerErrors.unfit(shard(), reason);
        health = barred == null ? ShardHealth.UNKNOWN : ShardHealth.down(barred);
        room.bar(barred);
    }

    /** Regular upkeep: old connections are closed, idle ones and the shard itself are tried. */
    void onTick() {
        long now = System.nanoTime();
        List.copyOf(idle).forEach(connection -> check(connection, now));
        if (watched == null && !isShut() && !retired && !room.isFull() && open.isEmpty() && connecting == 0) {
            connect();
        }
    }

    private void check(ServerConnection connection, long now) {
        PoolConfiguration limits = room.limits();
        boolean spare = watched != null || open.size() > 1;
        boolean old = isOver(now - connection.openedNanos(), limits.lifetimeMillisMax())
                || (spare && isOver(now - connection.idleSinceNanos(), limits.idleMillisMax()));
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
        Future<?> timeout = loop.schedule(connection::close, room.limits().connectMillisMax(), TimeUnit.MILLISECONDS);
        OwnRequest.ping(connection, error -> {
            timeout.cancel(false);
            release(connection);
        });
    }

    /** The definition of a table has changed under prepared statements: all connections are replaced as they come free. */
    void renew() {
        LOG.info("renewing server connections shard={} reason=\"a table has changed\"", shard().name());
        open.forEach(ServerConnection::condemn);
        closeIdle();
    }

    void closeIdle() {
        List.copyOf(idle).forEach(ServerConnection::close);
    }

    void cancel(ServerConnection connection, Runnable onDone) {
        if (connection.isLost()) {
            onDone.run();
        } else {
            connector.cancel(connection, onDone);
        }
    }

    /** Whether the shard has been taken away. */
    boolean isRetired() {
        return retired;
    }

    /** The shard has been taken away: connections are closed as soon as they are free. */
    void retire() {
        retired = true;
        closeIdle();
    }

    /** Closes everything, lent connections too: who has them has had time to bring them back. */
    void close() {
        closed = true;
        room.fail(this, ServerErrors.shuttingDown());
        List.copyOf(open).forEach(ServerConnection::close);
    }
}
