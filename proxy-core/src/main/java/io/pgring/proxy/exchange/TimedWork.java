package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as somebody sees it who looks now and then whether something takes too long. Nothing is timed on the road: it counts, and
 * what has the same number at two looks is the same.
 */
public final class TimedWork {
    private static final String QUERY_CANCELED = "57014";

    private final Exchange exchange;
    private long transactionsEnded;
    private @Nullable ErrorResponse reason;

    TimedWork(Exchange exchange) {
        this.exchange = exchange;
    }

    /** What the session is doing now. */
    public Activity activity() {
        SpreadStatements spread = exchange.spread();
        if (exchange.tables().isRunning()
                || spread.isAcquiring()
                || spread.end().isConcluding()
                || exchange.connections().lease().isAcquiring()) {
            return Activity.WAITING;
        }
        if (spread.isRunning() || !exchange.replies().isEmpty() || exchange.isCopyingIn()) {
            return Activity.ACTIVE;
        }
        return switch (exchange.input()) {
            case ACCEPTING, SKIPPING, AWAITING_COPY, COPYING_IN ->
                holds() ? Activity.IDLE_IN_TRANSACTION : Activity.IDLE;
            case WAITING, ANSWERING -> Activity.WAITING;
        };
    }

    /** Whether a transaction is open, or something else is begun that keeps server connections from others. */
    boolean holds() {
        return exchange.segment().isOpen()
                || exchange.transaction().isOpen()
                || exchange.spread().end().isUncommitted()
                || exchange.spread().hasSuspended()
                || exchange.relay().isMidMessage();
    }

    /** Differs between two statements that servers work on. */
    public long statement() {
        return exchange.replies().progress() + exchange.spread().runs();
    }

    /** Whether the client has begun a transaction. */
    public boolean inTransaction() {
        return exchange.transaction().isOpen();
    }

    /** Differs between two transactions. */
    public long transaction() {
        return transactionsEnded;
    }

    void onTransactionEnd() {
        transactionsEnded++;
    }

    /**
     * Cancels what the servers are doing, or the wish for a server connection. Whether that comes too late, they decide.
     *
     * @param why what the client is told when it does not
     */
    public void cancel(ErrorResponse why) {
        reason = why;
        exchange.cancel(why);
    }

    /** What the client is told in place of an error of a server's; null for that error. */
    @Nullable
    ErrorResponse instead(ErrorResponse error) {
        ErrorResponse why = reason;
        if (why == null || !QUERY_CANCELED.equals(error.sqlState())) {
            return null;
        }
        reason = null;
        return why;
    }

    /** The servers have answered: a cancel that is still under way has come too late. */
    void onAnswered() {
        reason = null;
    }

    /** The servers don't obey: the connections on which they owe answers are closed, with all that follows from that. */
    public void closeServers() {
        ServerConnection server = exchange.server();
        if (server != null && server.owesReplies()) {
            server.close();
        }
        exchange.spread().closeServers();
    }
}
