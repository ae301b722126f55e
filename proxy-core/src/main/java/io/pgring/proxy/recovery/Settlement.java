package io.pgring.proxy.recovery;

import io.pgring.proxy.fanout.InDoubt.Fate;
import io.pgring.proxy.fanout.InDoubt.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The end of one transaction, tried again and again for some seconds as long as it is committed and shards can't be told: as a rule a server that has
 * crashed is back by then, and another proxy that can log in to a shard which does not let this one in has told it. Only then may a client hear of it.
 */
final class Settlement {
    private static final int AGAIN_MILLIS = 200;
    /** Longer than others take to find a part by their regular looks, unless a shard is silent. */
    private static final int UNFINISHED_MILLIS_MAX = 5_000;

    private static final int MILLIS_MAX = 10_000;

    private final UnaryOperator<Verdict> attempt;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<Verdict> done = new CompletableFuture<>();
    private final long sinceNanos = System.nanoTime();
    private volatile Verdict last;

    private Settlement(Verdict untold, UnaryOperator<Verdict> attempt, ScheduledExecutorService thread) {
        this.last = untold;
        this.attempt = attempt;
        this.thread = thread;
    }

    /**
     * Begins. On time-out the next attempt is not even begun, if it waits for others: that is left to the regular looks.
     *
     * @param untold what is known, and who has not been told
     * @param attempt tells them, once: what is known after it; must not fail
     * @param thread on which it does
     * @return completed in time; never fails
     */
    static CompletableFuture<Verdict> begin(
            Verdict untold, UnaryOperator<Verdict> attempt, ScheduledExecutorService thread) {
        Settlement settlement = new Settlement(untold, attempt, thread);
        settlement.schedule(0);
        CompletableFuture.delayedExecutor(MILLIS_MAX, TimeUnit.MILLISECONDS).execute(settlement::end);
        return settlement.done;
    }

    private void schedule(int millis) {
        try {
            thread.schedule(this::attempt, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException proxyHasEnded) {
            end();
        }
    }

    private void attempt() {
        if (done.isDone()) {
            return;
        }
        last = attempt.apply(last);
        boolean unfinished = last.fate() == Fate.COMMITTED && !last.unfinished().isEmpty();
        long lasted = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
        if (unfinished && lasted < UNFINISHED_MILLIS_MAX) {
            schedule(AGAIN_MILLIS);
        } else {
            end();
        }
    }

    private void end() {
        done.complete(last);
    }
}
