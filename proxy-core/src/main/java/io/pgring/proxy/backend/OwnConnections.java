package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.OwnConnection.Phase;
import io.pgring.proxy.metrics.PinMetrics;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.topology.Shard;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are one client's own, at most one on each shard. When a transaction has ended, its connection goes back to the
 * pool, unless the client has left something in the session, or keeps every session because of its mode. When the client is gone, what it
 * has left is discarded before anybody else gets the connection.
 *
 * <pre>
 *                           nothing is left
 *        ┌──────────────────────────────────────────────────┐
 *        ▼                                                  │
 *      NONE ──► LENT ──given back──► BUSY: asks what is left ──something is──► RESTING ──► LENT
 * </pre>
 *
 * Belongs to one event loop.
 */
public final class OwnConnections {
    /** What makes the state of a session known again: settings and prepared statements. */
    private static final String RESET = "DEALLOCATE ALL;UNLISTEN *;RESET SESSION AUTHORIZATION;RESET ROLE;RESET ALL";

    private static final String DISCARD_ALL = "DISCARD ALL";
    private static final String DISCARD_SEQUENCES = "DISCARD SEQUENCES";

    private final Owner owner;
    private final boolean keepsAll;
    private final PinMetrics metrics;
    private final Holdings holdings;
    /** As long as it must be: shards may come while the session lasts. */
    private OwnConnection[] byShard = {};

    private @Nullable Runnable whenDecided;
    private boolean closed;

    /** Whose they are. */
    public interface Owner {
        /** The session is lost with a connection that had something of it. */
        void onSessionLost(ErrorResponse cause);
    }

    /**
     * @param keepsAll session mode: every connection stays until the client is gone
     * @param metrics counts connections that are kept for what is left in their sessions
     */
    public OwnConnections(Owner owner, boolean keepsAll, PinMetrics metrics) {
        this.owner = owner;
        this.keepsAll = keepsAll;
        this.metrics = metrics;
        this.holdings = new Holdings();
    }

    Holdings holdings() {
        return holdings;
    }

    /** The one on a shard; null when there is none. */
    @Nullable
    OwnConnection on(Shard shard) {
        OwnConnection own = at(shard);
        return own == null || own.phase() == Phase.NONE ? null : own;
    }

    private @Nullable OwnConnection at(Shard shard) {
        return shard.index() < byShard.length ? byShard[shard.index()] : null;
    }

    boolean isOwn(ServerConnection connection) {
        return holding(connection) != null;
    }

    private @Nullable OwnConnection holding(ServerConnection connection) {
        OwnConnection own = at(connection.shard());
        return own != null && own.holds(connection) ? own : null;
    }

    /** The pool for a statement that any shard can answer: that of a connection which is kept anyway, if there is one. */
    ShardPool any(ShardPools pools) {
        for (OwnConnection own : byShard) {
            if (own != null
                    && own.isKept()
                    && own.phase() != Phase.LENT
                    && own.pool().room().barred() == null) {
                return own.pool();
            }
        }
        return pools.any(holdings);
    }

    /** Whether the client keeps every connection until it is gone. */
    public boolean keepsAll() {
        return keepsAll;
    }

    /** Whether there is any, at hand or not. */
    public boolean isKeeping() {
        for (OwnConnection own : byShard) {
            if (own != null && own.phase() != Phase.NONE) {
                return true;
            }
        }
        return false;
    }

    /** Whether something of a kind may have been left on a shard. */
    public boolean mayHave(Shard shard, PinReason reason) {
        OwnConnection own = on(shard);
        return own != null && own.require().leftovers().mayHave(reason);
    }

    /** Whether nobody else has drawn from sequences in the session on a shard since it began or was cleared. */
    public boolean ownsSequences(Shard shard) {
        OwnConnection own = on(shard);
        return own != null && (keepsAll || own.isKept());
    }

    // ---- lending ----------------------------------------------------------------------------------------------------

    /**
     * A lease has got a connection, from its pool or from here.
     *
     * @return what is to be run on it first; empty for nothing
     */
    String onLent(ServerConnection connection, ShardPool pool) {
        OwnConnection own = holding(connection);
        if (own == null) {
            int index = connection.shard().index();
            if (index >= byShard.length) {
                byShard = Arrays.copyOf(byShard, index + 1);
            }
            own = byShard[index] == null ? new OwnConnection() : byShard[index];
            byShard[index] = own;
            own.fill(connection, pool);
            return keepsAll ? DISCARD_SEQUENCES : "";
        }
        connection.whenLost(null);
        holdings.remove(connection.shard());
        own.toPhase(Phase.LENT);
        return "";
    }

    /**
     * Asks for one that is here.
     *
     * @return whether it is handed over at once, or will be; not when it is lent
     */
    boolean take(OwnConnection own, Waiter waiter) {
        if (own.phase() == Phase.LENT) {
            return false;
        }
        ErrorResponse barred = own.pool().room().barred();
        if (barred != null) {
            waiter.onNoServerConnection(barred);
            return true;
        }
        own.await(waiter);
        if (own.phase() == Phase.RESTING) {
            if (own.require().isCondemned()) {
                toBusy(own);
                OwnRequest.query(own.require(), RESET, error -> onReset(own, error));
            } else {
                serveWaiters(own);
            }
        }
        return true;
    }

    private static void toBusy(OwnConnection own) {
        own.require().whenLost(null);
        own.toPhase(Phase.BUSY);
    }

    private void onReset(OwnConnection own, @Nullable ErrorResponse error) {
        if (error != null) {
            lose(own);
        } else {
            own.require().onReset();
            decide(own);
        }
    }

    /** The waiter no longer wants one. */
    void giveUp(ShardPool pool, Waiter waiter) {
        OwnConnection own = on(pool.shard());
        if (own != null) {
            own.giveUp(waiter);
        }
    }

    /** One that is lent is about to be given back. */
    void onLeaving(ServerConnection connection) {
        OwnConnection own = holding(connection);
        if (own != null && own.phase() == Phase.LENT) {
            own.toPhase(Phase.LEAVING);
        }
    }

    /** A lease is done with a connection, which may be another than the client's own. */
    void giveBack(ServerConnection connection, ShardPool pool) {
        OwnConnection own = holding(connection);
        if (own == null) {
            pool.release(connection);
            return;
        }
        own.toPhase(Phase.BUSY);
        holdings.add(connection.shard());
        if (connection.isBeingCancelled()) {
            connection.afterCancel(() -> onReturned(own));
        } else {
            onReturned(own);
        }
    }

    private void onReturned(OwnConnection own) {
        ServerConnection connection = own.require();
        Leftovers leftovers = connection.leftovers();
        boolean unsure = !keepsAll && leftovers.isUnsure() && !closed && connection.isAtRest();
        if (unsure) {
            leftovers.ask(connection, () -> onAnswered(own));
        } else {
            decide(own);
        }
    }

    /** What others have drawn from sequences is not to be seen by who keeps the session. */
    private void onAnswered(OwnConnection own) {
        ServerConnection connection = own.require();
        if (own.isKept() || connection.leftovers().isNone() || !connection.isAtRest()) {
            decide(own);
        } else {
            OwnRequest.query(connection, DISCARD_SEQUENCES, error -> decide(own));
        }
    }

    private void decide(OwnConnection own) {
        ServerConnection connection = own.require();
        boolean keeps = keepsAll || !connection.leftovers().isNone();
        if (closed) {
            clean(own);
        } else if (keeps && !connection.isAtRest()) {
            lose(own);
        } else if (keeps) {
            rest(own);
        } else {
            letGo(own);
        }
        Runnable then = whenDecided;
        if (then != null && !closed) {
            whenDecided = null;
            then.run();
        }
    }

    private void rest(OwnConnection own) {
        ServerConnection connection = own.require();
        if (!own.isKept()) {
            own.onKept();
            own.pool().onKept(true);
        }
        Set<PinReason> reasons = keepsAll ? Set.of() : connection.leftovers().reasons();
        metrics.onChange(own.counted(), reasons);
        own.toCounted(reasons);
        own.toPhase(Phase.RESTING);
        connection.whenLost(cause -> lose(own));
        serveWaiters(own);
    }

    private static void serveWaiters(OwnConnection own) {
        List<Waiter> waiters = own.takeWaiters();
        for (Waiter waiter : waiters) {
            waiter.onServerConnection(own.require());
        }
    }

    private void letGo(OwnConnection own) {
        ServerConnection connection = own.require();
        ShardPool pool = own.pool();
        List<Waiter> waiters = own.takeWaiters();
        forget(own);
        if (waiters.isEmpty() || !connection.isReusable()) {
            pool.release(connection);
            waiters.forEach(pool::await);
        } else {
            waiters.get(0).onServerConnection(connection);
            waiters.subList(1, waiters.size()).forEach(pool::await);
        }
    }

    /** Not the client's own anymore. */
    private void forget(OwnConnection own) {
        ServerConnection connection = own.require();
        connection.whenLost(null);
        metrics.onChange(own.counted(), Set.of());
        if (own.isKept()) {
            own.pool().onKept(false);
        }
        if (own.phase() == Phase.RESTING || own.phase() == Phase.BUSY) {
            holdings.remove(connection.shard());
        }
        own.empty();
    }

    // ---- losing -----------------------------------------------------------------------------------------------------

    private void lose(OwnConnection own) {
        ServerConnection connection = own.require();
        ErrorResponse cause = ServerErrors.sessionLost(connection.shard());
        List<Waiter> waiters = own.takeWaiters();
        forget(own);
        connection.close();
        waiters.forEach(waiter -> waiter.onNoServerConnection(cause));
        if (!closed) {
            owner.onSessionLost(cause);
        }
    }

    /** Whether the client's session ends when the connection is lost. */
    boolean isMissed(ServerConnection connection) {
        return isOwn(connection) && (keepsAll || !connection.leftovers().isNone());
    }

    /** One that was lent is gone. */
    void onLost(ServerConnection connection) {
        OwnConnection own = holding(connection);
        if (own == null) {
            return;
        }
        boolean missed = isMissed(connection);
        forget(own);
        if (missed && !closed) {
            owner.onSessionLost(ServerErrors.sessionLost(connection.shard()));
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /**
     * DISCARD ALL: nothing that the client has left stays. None may be lent.
     *
     * @return whether {@code then} will be called when that is done; false when there is nothing to do
     */
    public boolean discard(Runnable then) {
        int[] open = {0};
        for (OwnConnection own : byShard) {
            if (own != null && own.phase() != Phase.NONE && own.phase() != Phase.RESTING) {
                whenDecided = () -> {
                    if (!discard(then)) {
                        then.run();
                    }
                };
                return true;
            }
        }
        for (OwnConnection own : byShard) {
            if (own != null && own.phase() == Phase.RESTING) {
                open[0]++;
                toBusy(own);
                OwnRequest.query(own.require(), DISCARD_ALL, error -> {
                    onDiscarded(own, error);
                    if (--open[0] == 0 && !closed) {
                        then.run();
                    }
                });
            }
        }
        return open[0] > 0;
    }

    /** The session is as after a login, but for what DISCARD ALL can't undo. */
    private static void afterDiscard(ServerConnection connection) {
        connection.leftovers().onDiscarded();
        connection.onReset();
    }

    private void onDiscarded(OwnConnection own, @Nullable ErrorResponse error) {
        ServerConnection connection = own.require();
        if (error != null) {
            lose(own);
            return;
        }
        afterDiscard(connection);
        if (!keepsAll && connection.leftovers().isEndless()) {
            forget(own);
            connection.close();
        } else {
            decide(own);
        }
    }

    /** The client is gone while a lease has a connection on which nothing runs. */
    void abandon(ServerConnection connection, ShardPool pool) {
        OwnConnection own = holding(connection);
        if (own == null) {
            OwnRequest.query(connection, "ROLLBACK", error -> pool.release(connection));
        } else {
            clean(own);
        }
    }

    /** The client is gone, and with it a connection in the middle of something. */
    void forget(ServerConnection connection) {
        OwnConnection own = holding(connection);
        if (own != null) {
            forget(own);
        }
    }

    /** Gives one back as it was before the client had it. */
    private void clean(OwnConnection own) {
        ServerConnection connection = own.require();
        ShardPool pool = own.pool();
        Leftovers leftovers = connection.leftovers();
        boolean discards = keepsAll || !leftovers.isNone();
        forget(own);
        if (leftovers.isEndless()) {
            connection.close();
            return;
        }
        OwnRequest.query(connection, "ROLLBACK", error -> {
            if (!discards) {
                pool.release(connection);
            } else if (error != null) {
                connection.close();
            } else {
                discard(connection, pool);
            }
        });
    }

    private static void discard(ServerConnection connection, ShardPool pool) {
        OwnRequest.query(connection, DISCARD_ALL, error -> {
            if (error == null) {
                afterDiscard(connection);
                pool.release(connection);
            } else {
                connection.close();
            }
        });
    }

    /** The client is gone. Those that are lent are told by their leases. */
    public void close() {
        closed = true;
        for (OwnConnection own : byShard) {
            if (own != null && own.phase() == Phase.RESTING) {
                clean(own);
            }
        }
    }
}
