package io.pgring.proxy.frontend;

import io.netty.channel.EventLoop;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.config.Timeouts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Looks at all sessions of one event loop now and then, and so needs no timer for a statement. A limit of time is noticed up to two looks after
 * it has passed, never before: looks are a tenth of the shortest limit apart, at least {@value #LOOK_MILLIS_MIN} ms and at most
 * {@value #LOOK_MILLIS_MAX} ms.
 */
public final class SessionWatch {
    private static final long LOOK_MILLIS_MIN = 20;
    private static final long LOOK_MILLIS_MAX = 500;
    private static final long LOOKS_IN_A_LIMIT = 10;

    private final EventLoop loop;
    private final ConfigurationView configuration;
    private final Set<SessionClock> clocks = new LinkedHashSet<>();
    private final Runnable look = this::look;

    /** @param loop the event loop that the sessions belong to */
    public SessionWatch(EventLoop loop, ConfigurationView configuration) {
        this.loop = loop;
        this.configuration = configuration;
    }

    /** Begins to look. On any thread. */
    public void start() {
        lookAgain(configuration.timeouts());
    }

    void add(SessionClock clock) {
        clocks.add(clock);
    }

    void remove(SessionClock clock) {
        clocks.remove(clock);
    }

    private void look() {
        Timeouts limits = configuration.timeouts();
        try {
            if (shortestMillis(limits) > 0) {
                long now = System.nanoTime();
                for (SessionClock clock : List.copyOf(clocks)) {
                    clock.look(limits, now);
                }
            }
        } finally {
            lookAgain(limits);
        }
    }

    private void lookAgain(Timeouts limits) {
        if (!loop.isShuttingDown()) {
            long shortest = shortestMillis(limits);
            long millis = shortest == 0 ? LOOK_MILLIS_MAX : shortest / LOOKS_IN_A_LIMIT;
            loop.schedule(look, Math.max(LOOK_MILLIS_MIN, Math.min(LOOK_MILLIS_MAX, millis)), TimeUnit.MILLISECONDS);
        }
    }

    /** 0 when nothing is limited. */
    private static long shortestMillis(Timeouts limits) {
        return LongStream.of(
                        limits.clientIdleMillisMax(),
                        limits.idleInTransactionMillisMax(),
                        limits.transactionMillisMax(),
                        limits.queryMillisMax(),
                        limits.clientWriteMillisMax())
                .filter(millis -> millis > 0)
                .min()
                .orElse(0);
    }
}
