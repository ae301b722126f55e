package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.OwnRequest;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.backend.ShardPool;
import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.backend.Waiter;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Shard;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The server connection that an exchange has borrowed, and the ways to get one and to give it back. A connection is handed out
 * with the client's settings already made.
 *
 * <pre>
 *   nothing ──acquire──► waiting in the pool ──► making settings ──► held ──release──► nothing
 *      ▲                        │                       │
 *      └───────── failed ◄──────┴───────────────────────┘
 * </pre>
 */
final class ServerLease implements Waiter {
    /** They never change in a session, so a client is told those of the first server for good. */
    private static final Set<String> FIXED = Set.of("server_version", "server_encoding", "integer_datetimes");

    /** What became of {@link #acquire}. */
    enum Result {
        HELD,
        LATER,
        FAILED
    }

    private final Exchange exchange;
    private final ClientVariables variables;
    private final ShardPools pools;
    private @Nullable ServerConnection server;
    private @Nullable ShardPool pool;
    private boolean waiting;
    private boolean settling;
    private boolean acquiring;
    private boolean abandoned;
    private @Nullable ErrorResponse failure;
    private Map<String, String> reported;

    /** @param reported the parameters that the client was told at login */
    ServerLease(Exchange exchange, ClientVariables variables, ShardPools pools, Map<String, String> reported) {
        this.exchange = exchange;
        this.variables = variables;
        this.pools = pools;
        this.reported = reported;
    }

    /** The connection; null when there is none, or it is not ready yet. */
    @Nullable
    ServerConnection server() {
        return settling ? null : server;
    }

    ServerConnection require() {
        return Objects.requireNonNull(server);
    }

    ShardMetrics metrics() {
        return Objects.requireNonNull(pool).metrics();
    }

    /** Gets a connection to a shard, or to any if {@code wanted} is null. LATER and a former failure end with {@link Exchange#onLeaseDecided}. */
    Result acquire(@Nullable Shard wanted) {
        if (failure != null) {
            return Result.FAILED;
        }
        ShardPool from = wanted == null ? pools.any() : pools.of(wanted);
        pool = from;
        ServerConnection free = from.tryAcquire(variables.inForce());
        if (free != null) {
            return settle(free);
        }
        waiting = true;
        acquiring = true;
        from.await(this);
        acquiring = false;
        if (failure != null) {
            return Result.FAILED;
        }
        return server() != null ? Result.HELD : Result.LATER;
    }

    ErrorResponse takeFailure() {
        ErrorResponse taken = Objects.requireNonNull(failure);
        failure = null;
        return taken;
    }

    /** Makes the client's settings on a connection that has others. */
    private Result settle(ServerConnection connection) {
        server = connection;
        String difference = connection.variables().differenceTo(variables.inForce());
        if (difference.isEmpty()) {
            return Result.HELD;
        }
        settling = true;
        SessionVariables target = variables.inForce();
        OwnRequest.query(connection, difference, error -> onSettled(connection, target, error));
        return Result.LATER;
    }

    private void onSettled(ServerConnection connection, SessionVariables target, @Nullable ErrorResponse error) {
        settling = false;
        if (error == null) {
            connection.setVariables(target);
        } else {
            failure = new ErrorResponse(error.fields().withSeverity("ERROR"));
        }
        if (error != null || abandoned) {
            release();
        }
        if (!abandoned) {
            decided();
        }
    }

    private void decided() {
        if (!acquiring) {
            exchange.onLeaseDecided();
        }
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

    /** Tells the reported parameters in which this connection differs from what the client was last told. */
    void forChangedParameters(BiConsumer<String, String> change) {
        Map<String, String> now = require().parameters();
        if (now != reported && !now.equals(reported)) {
            now.forEach((name, value) -> {
                if (!FIXED.contains(name) && !value.equals(reported.get(name))) {
                    change.accept(name, value);
                }
            });
        }
        reported = now;
    }

    /** Gives the connection back; one with unfinished work is closed by its pool. */
    void release() {
        ServerConnection returned = server;
        if (returned != null) {
            server = null;
            reported = returned.parameters();
            returned.setReading(true);
            Objects.requireNonNull(pool).release(returned);
        }
    }

    /** The connection is gone. */
    void onLost() {
        server = null;
    }

    /**
     * A CancelRequest has come.
     *
     * @param working whether the server owes answers
     */
    void cancel(boolean working) {
        ServerConnection held = server();
        if (waiting) {
            waiting = false;
            Objects.requireNonNull(pool).giveUp(this);
            failure = ErrorResponse.error("57014", "canceling statement due to user request");
            exchange.onLeaseDecided();
        } else if (held != null && working) {
            held.cancel();
        }
    }

    /**
     * The client is gone.
     *
     * @param unfinished whether the server is in the middle of something
     */
    void abandon(boolean unfinished) {
        abandoned = true;
        if (waiting) {
            waiting = false;
            Objects.requireNonNull(pool).giveUp(this);
        }
        ServerConnection held = server;
        if (held == null || settling) {
            return;
        }
        server = null;
        held.setReading(true);
        if (unfinished) {
            held.cancel();
            held.close();
        } else {
            ShardPool home = Objects.requireNonNull(pool);
            OwnRequest.query(held, "ROLLBACK", error -> home.release(held));
        }
    }
}
