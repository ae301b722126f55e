package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Shard;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server connection that somebody has borrowed for a client, and the ways to get one and to give it back. A connection is handed out
 * with the client's settings already made.
 *
 * <pre>
 *   nothing ──acquire──► waiting in the pool ──► making settings ──► held ──release──► nothing
 *      ▲                        │                       │
 *      └───────── failed ◄──────┴───────────────────────┘
 * </pre>
 */
public final class ServerLease implements Waiter {
    /** What became of {@link #acquire}. */
    public enum Result {
        HELD,
        LATER,
        FAILED
    }

    /** Who borrows. */
    public interface Borrower {
        /** The settings that the connection must have. */
        SessionVariables settings();

        /** The wish is decided, after {@link Result#LATER}: a connection is held, or {@link ServerLease#takeFailure} says why not. */
        void onLeaseDecided();
    }

    private final Borrower borrower;
    private final ShardPools pools;
    private final OwnConnections own;
    private final boolean spare;
    private @Nullable ServerConnection server;
    private @Nullable ShardPool pool;
    private @Nullable Shard counted;
    private boolean waiting;
    private boolean settling;
    private boolean acquiring;
    private boolean abandoned;
    private boolean replaced;
    private @Nullable ErrorResponse failure;
    /** A cancel has come while settings were made: the wish fails when they are. */
    private @Nullable ErrorResponse cancelled;

    /**
     * @param pools where connections come from
     * @param own shared by all leases of a client
     * @param spare whether another connection than the client's own will do as well
     */
    public ServerLease(Borrower borrower, ShardPools pools, OwnConnections own, boolean spare) {
        this.borrower = borrower;
        this.pools = pools;
        this.own = own;
        this.spare = spare;
    }

    /** The connection; null when there is none, or it is not ready yet. */
    public @Nullable ServerConnection server() {
        return settling ? null : server;
    }

    /** The connection, which there must be. */
    public ServerConnection require() {
        return Objects.requireNonNull(server);
    }

    /** What is counted on the shard of the connection. */
    public ShardMetrics metrics() {
        return Objects.requireNonNull(pool).metrics();
    }

    /** Gets a connection to a shard, or to any if {@code wanted} is null. LATER and a former failure end with {@link Borrower#onLeaseDecided}. */
    public Result acquire(@Nullable Shard wanted) {
        if (failure != null) {
            return Result.FAILED;
        }
        ShardPool from = wanted == null ? own.any(pools) : pools.of(wanted);
        pool = from;
        replaced = false;
        OwnConnection kept = own.on(from.shard());
        if (kept != null && (!spare || kept.hasNames())) {
            return take(kept, from);
        }
        ServerConnection free = from.tryAcquire(borrower.settings());
        if (free != null) {
            return settle(free);
        }
        if (own.holdings().fill(from)) {
            if (kept != null) {
                return take(kept, from);
            }
            failure = ServerErrors.waitsForItself(from.shard(), from.connectionsMax());
            return Result.FAILED;
        }
        return await(() -> from.await(this));
    }

    private Result take(OwnConnection kept, ShardPool from) {
        return await(() -> {
            if (!own.take(kept, this)) {
                onNoServerConnection(ServerErrors.keptIsBusy(from.shard()));
            }
        });
    }

    /** Waits for an answer, which may come at once. */
    private Result await(Runnable question) {
        waiting = true;
        acquiring = true;
        question.run();
        acquiring = false;
        if (failure != null) {
            return Result.FAILED;
        }
        return server() != null ? Result.HELD : Result.LATER;
    }

    /** Why there is no connection. */
    public ErrorResponse takeFailure() {
        ErrorResponse taken = Objects.requireNonNull(failure);
        failure = null;
        return taken;
    }

    /** Makes the client's settings on a connection that has others. */
    private Result settle(ServerConnection connection) {
        server = connection;
        own.holdings().add(connection.shard());
        counted = connection.shard();
        Objects.requireNonNull(pool).room().onLent(connection, own.holdings());
        String first = !spare || own.isOwn(connection) ? own.onLent(connection, Objects.requireNonNull(pool)) : "";
        String difference = connection.variables().differenceTo(borrower.settings());
        if (difference.isEmpty() && first.isEmpty()) {
            return Result.HELD;
        }
        settling = true;
        SessionVariables target = borrower.settings();
        OwnRequest.command(connection, first + ';' + difference, outcome -> {
            settling = false;
            if (outcome.lost() && !abandoned && !replaced && cancelled == null && !own.isMissed(connection)) {
                replace();
            } else {
                onSettled(connection, target, outcome.error());
            }
        });
        return Result.LATER;
    }

    /** The connection was lost before anything of the client's was sent: another one will do, and the client hears nothing of it. */
    private void replace() {
        replaced = true;
        onLost();
        waiting = true;
        Objects.requireNonNull(pool).await(this);
    }

    private void onSettled(ServerConnection connection, SessionVariables target, @Nullable ErrorResponse error) {
        failure = cancelled;
        cancelled = null;
        if (error == null) {
            connection.setVariables(target);
        } else {
            failure = new ErrorResponse(error.fields().withSeverity("ERROR"));
            // If what another client has left can't be undone, nobody else is to fail by it.
            connection.condemn();
        }
        if (failure != null || abandoned) {
            release();
        }
        if (!abandoned) {
            decided();
        }
    }

    private void decided() {
        if (!acquiring) {
            borrower.onLeaseDecided();
        }
    }

    @Override
    public Holdings holdings() {
        return own.holdings();
    }

    @Override
    public void onServerConnection(ServerConnection connection) {
        waiting = false;
        if (settle(connection) == Result.HELD) {
            decided();
        }
    }

    @Override
    public void onNoServerConnection(ErrorResponse cause) {
        waiting = false;
        failure = cause;
        decided();
    }

    /** The connection is about to be given back, and nothing that the client does can delay that. */
    public void onLeaving() {
        if (counted != null) {
            own.holdings().remove(counted);
            counted = null;
            if (server != null) {
                Objects.requireNonNull(pool).room().onLeaving(server);
                own.onLeaving(server);
            }
        }
    }

    /** Gives the connection back; one with unfinished work is closed by its pool. */
    public void release() {
        onLeaving();
        ServerConnection returned = server;
        if (returned != null) {
            server = null;
            returned.setReading(true);
            own.giveBack(returned, Objects.requireNonNull(pool));
        }
    }

    /** The connection is gone. */
    public void onLost() {
        onLeaving();
        ServerConnection lost = server;
        server = null;
        if (lost != null) {
            own.onLost(lost);
        }
    }

    /** Whether a connection is waited for, or is being made ready. */
    public boolean isAcquiring() {
        return waiting || settling;
    }

    /**
     * A CancelRequest has come, or time is up.
     *
     * @param working whether the server owes answers
     * @param why what a wish for a connection fails with
     */
    public void cancel(boolean working, ErrorResponse why) {
        ServerConnection held = server();
        if (waiting) {
            giveUp();
            failure = why;
            borrower.onLeaseDecided();
        } else if (settling) {
            cancelled = why;
        } else if (held != null && working) {
            held.cancel();
        }
    }

    /**
     * The client is gone.
     *
     * @param unfinished whether the server is in the middle of something
     */
    public void abandon(boolean unfinished) {
        abandoned = true;
        onLeaving();
        if (waiting) {
            giveUp();
        }
        ServerConnection held = server;
        if (held == null || settling) {
            return;
        }
        server = null;
        held.setReading(true);
        if (unfinished) {
            own.forget(held);
            held.abort();
        } else {
            own.abandon(held, Objects.requireNonNull(pool));
        }
    }

    private void giveUp() {
        waiting = false;
        ShardPool from = Objects.requireNonNull(pool);
        from.giveUp(this);
        own.giveUp(from, this);
    }
}
