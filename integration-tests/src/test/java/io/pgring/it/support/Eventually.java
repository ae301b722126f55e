package io.pgring.it.support;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what must come about, as long as a slow machine may need. */
public final class Eventually {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private Eventually() {}

    /** Until the condition holds. */
    public static void holds(String what, Callable<Boolean> condition) {
        holds(what, WAIT_MAX, condition);
    }

    /** Until the condition holds, which may take longer than usual. */
    public static void holds(String what, Duration most, Callable<Boolean> condition) {
        await(what).atMost(most).pollDelay(Duration.ZERO).pollInterval(POLL).until(condition);
    }

    /** Until the action throws nothing, neither an exception nor an assertion. */
    public static void succeeds(ThrowingRunnable action) {
        await().atMost(WAIT_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .ignoreExceptions()
                .untilAsserted(action);
    }
}
