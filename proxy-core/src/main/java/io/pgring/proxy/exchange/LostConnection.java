package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.routing.Plan;

/**
 * What a client is told when the server that worked for it is gone without a word. Its session ends, as with a server of its own; what it
 * must know is whether to repeat its work.
 */
final class LostConnection {
    private static final String TRANSACTION_RESOLUTION_UNKNOWN = "08007";

    private LostConnection() {}

    /** A text is sent to the server at hand, or the values for one. */
    static void onSent(Exchange exchange, Plan plan) {
        if (plan.commits() || (plan.writes() && !exchange.transaction().isOpen())) {
            onMayCommit(exchange);
        }
    }

    /** The server at hand is sent something that lasts when it has done it. On a connection that is known to be lost it can have no effect. */
    static void onMayCommit(Exchange exchange) {
        if (!exchange.requireServer().isLost()) {
            exchange.segment().onMayCommit();
        }
    }

    /**
     * The last words to a client whose session ends because of a connection that was not working for it.
     *
     * @param cause FATAL: which connection was lost
     * @param commits whether others have been asked for something that lasts, and have not answered
     */
    static ErrorResponse ofSession(ErrorResponse cause, boolean commits) {
        return commits
                ? unknown("The proxy " + cause.message() + " while the transaction was being committed elsewhere.")
                : cause;
    }

    private static ErrorResponse unknown(String detail) {
        return ErrorResponse.fatal(
                        TRANSACTION_RESOLUTION_UNKNOWN, "it is not known whether the transaction was committed")
                .detail(detail)
                .hint("Connect again, and look at the rows before you repeat the transaction.");
    }

    /**
     * The last words to the client.
     *
     * @param cause FATAL: which connection was lost, and why
     * @param mayHaveCommitted whether the server was asked for something that lasts, and has not answered
     */
    static ErrorResponse told(ErrorResponse cause, boolean mayHaveCommitted) {
        String reason = cause.fields().detail() == null ? "" : cause.fields().detail() + " ";
        if (mayHaveCommitted) {
            return unknown(
                    "The proxy " + cause.message() + ", which had been asked to and did not answer. " + reason.strip());
        }
        return cause.detail(reason + "Nothing of an open transaction was committed.")
                .hint("Connect again, and repeat what was not answered.");
    }
}
