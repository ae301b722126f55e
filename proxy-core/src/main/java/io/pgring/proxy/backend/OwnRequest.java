package io.pgring.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request of the proxy's own, none of whose replies any client sees: settings to make, a transaction to roll back, a sign of
 * life to ask for.
 */
public final class OwnRequest implements Replier {
    private final Consumer<Outcome> onDone;
    private String tag = "";
    private @Nullable ErrorResponse error;

    private OwnRequest(Consumer<Outcome> onDone) {
        this.onDone = onDone;
    }

    /**
     * How a request ended.
     *
     * @param tag of the last command that was completed; empty when none was
     * @param error the first one; null when all was done
     * @param lost the connection is gone, so that nobody knows what the server has done
     */
    public record Outcome(String tag, @Nullable ErrorResponse error, boolean lost) {}

    /**
     * Runs SQL that returns no rows of interest. As a simple Query it takes the place of the unnamed statement.
     *
     * @param onDone told at the end: the first error, or null
     */
    public static void query(ServerConnection connection, String sql, Consumer<@Nullable ErrorResponse> onDone) {
        command(connection, sql, outcome -> onDone.accept(outcome.error()));
    }

    /**
     * Begins a transaction for the statements that follow at once. A cancel that hit it instead of them would let them run outside of any
     * transaction, so there is none before it has ended.
     *
     * @param onDone told at the end: the first error, or null
     */
    public static void begin(ServerConnection connection, String sql, Consumer<@Nullable ErrorResponse> onDone) {
        connection.cancels().forbid();
        query(connection, sql, error -> {
            connection.cancels().allow();
            onDone.accept(error);
        });
    }

    /**
     * As {@link #query}, for who needs to know more of the end.
     *
     * @param onDone told at the end
     */
    public static void command(ServerConnection connection, String sql, Consumer<Outcome> onDone) {
        connection.request(new OwnRequest(onDone));
        Query.of(sql).encode(connection.gather());
        connection.statements().setUnnamed(null);
    }

    /** A lone Sync, which the server answers with ReadyForQuery and nothing else. */
    static void ping(ServerConnection connection, Consumer<@Nullable ErrorResponse> onDone) {
        connection.request(new OwnRequest(outcome -> onDone.accept(outcome.error())));
        new Sync().encode(connection.gather());
    }

    @Override
    public boolean onReply(byte type) {
        return false;
    }

    @Override
    public boolean onReply(byte type, ByteBuf body) {
        if (type == BackendType.ERROR_RESPONSE && error == null) {
            error = ErrorResponse.decode(body);
        } else if (type == BackendType.COMMAND_COMPLETE) {
            tag = CommandComplete.decode(body).tag();
        }
        return false;
    }

    @Override
    public void onReplyBytes(ByteBuf messages) {
        messages.release();
    }

    @Override
    public boolean interjects() {
        return false;
    }

    @Override
    public void onInterjection() {}

    @Override
    public void onReadyForQuery(TransactionStatus status) {
        onDone.accept(new Outcome(tag, error, false));
    }

    @Override
    public void onConnectionLost(ErrorResponse cause) {
        onDone.accept(new Outcome(tag, cause, true));
    }

    @Override
    public void onServerWritability() {}
}
