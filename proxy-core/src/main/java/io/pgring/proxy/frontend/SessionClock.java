package io.pgring.proxy.frontend;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.Timeouts;
import io.pgring.proxy.exchange.Activity;
import io.pgring.proxy.exchange.TimedWork;
import java.util.concurrent.TimeUnit;

/**
 * Holds one session to the limits of time, in PostgreSQL's words.
 *
 * <p>A session is ended only while servers have nothing to do for it, so that it is sure that what it has not committed is rolled back. While
 * they work, they are told to cancel, and decide whether that comes too late; one that does not obey loses its connection.
 */
final class SessionClock {
    private final ClientConnection client;
    private final TimedWork work;
    private final Stopwatch untaken = new Stopwatch();
    private final Stopwatch silent = new Stopwatch();
    private final Stopwatch running = new Stopwatch();
    private final Stopwatch transaction = new Stopwatch();
    private final Stopwatch obeying = new Stopwatch();

    SessionClock(ClientConnection client, TimedWork work) {
        this.client = client;
        this.work = work;
    }

    /** Looks at the session, and ends what has taken too long. */
    void look(Timeouts limits, long nowNanos) {
        if (client.isWritable()) {
            untaken.stop();
        } else if (isOver(untaken.look(client.writabilityChanges(), nowNanos), limits.clientWriteMillisMax())) {
            client.abort("it does not take what is sent to it");
            return;
        }
        Activity activity = work.activity();
        boolean late = lookAtTransaction(activity, limits, nowNanos);
        switch (activity) {
            case IDLE, IDLE_IN_TRANSACTION -> {
                running.stop();
                obeying.stop();
                if (!late) {
                    lookAtSilence(activity, limits, nowNanos);
                }
            }
            case ACTIVE -> {
                silent.stop();
                if (!late) {
                    lookAtStatement(limits, nowNanos);
                }
            }
            case WAITING -> {
                silent.stop();
                running.stop();
            }
        }
    }

    /** @return whether the transaction has taken too long */
    private boolean lookAtTransaction(Activity activity, Timeouts limits, long nowNanos) {
        if (!work.inTransaction()) {
            transaction.stop();
            return false;
        }
        if (!isOver(transaction.look(work.transaction(), nowNanos), limits.transactionMillisMax())) {
            return false;
        }
        String detail = named("transactionMillisMax", limits.transactionMillisMax());
        if (activity == Activity.IDLE_IN_TRANSACTION) {
            client.onFatal(ErrorResponse.fatal("25P04", "terminating connection due to transaction timeout")
                    .detail(detail));
        } else {
            cancel("canceling statement due to transaction timeout", detail, limits, nowNanos);
        }
        return true;
    }

    private void lookAtSilence(Activity activity, Timeouts limits, long nowNanos) {
        if (!client.isWritable()) {
            silent.stop();
            return;
        }
        boolean idle = activity == Activity.IDLE;
        long millisMax = idle ? limits.clientIdleMillisMax() : limits.idleInTransactionMillisMax();
        long number = 2 * client.reads() + (idle ? 1 : 0);
        if (!isOver(silent.look(number, nowNanos), millisMax)) {
            return;
        }
        client.onFatal(
                idle
                        ? ErrorResponse.fatal("57P05", "terminating connection due to idle-session timeout")
                                .detail(named("clientIdleMillisMax", millisMax))
                        : ErrorResponse.fatal("25P03", "terminating connection due to idle-in-transaction timeout")
                                .detail(named("idleInTransactionMillisMax", millisMax)));
    }

    private void lookAtStatement(Timeouts limits, long nowNanos) {
        if (isOver(running.look(work.statement(), nowNanos), limits.queryMillisMax())) {
            cancel(
                    "canceling statement due to statement timeout",
                    named("queryMillisMax", limits.queryMillisMax()),
                    limits,
                    nowNanos);
        }
    }

    /** Once for each statement; the next time it was cancelled already. */
    private void cancel(String message, String detail, Timeouts limits, long nowNanos) {
        long cancelled = obeying.look(work.statement(), nowNanos);
        if (cancelled == 0) {
            work.cancel(ErrorResponse.error("57014", message).detail(detail));
        } else if (isOver(cancelled, limits.cancelMillisMax())) {
            work.closeServers();
        }
    }

    /** Whether a limit, which may be 0 for none, is passed. */
    private static boolean isOver(long nanos, long millisMax) {
        return millisMax > 0 && nanos >= TimeUnit.MILLISECONDS.toNanos(millisMax);
    }

    private static String named(String key, long millis) {
        return "The proxy's limits." + key + " is " + millis + " ms.";
    }
}
