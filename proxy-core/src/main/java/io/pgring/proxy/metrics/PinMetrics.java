package io.pgring.proxy.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Server connections that clients keep because of what they have left in their sessions. */
public final class PinMetrics {
    private final Count connections = new Count();
    private final Map<PinReason, Count> byReason = new EnumMap<>(PinReason.class);

    /** How many there are, and have been. */
    private static final class Count {
        private final AtomicInteger now = new AtomicInteger();
        private final LongAdder total = new LongAdder();

        void onChange(boolean before, boolean after) {
            if (!before && after) {
                now.incrementAndGet();
                total.increment();
            } else if (before && !after) {
                now.decrementAndGet();
            }
        }
    }

    /** Nothing is pinned. */
    public PinMetrics() {
        for (PinReason reason : PinReason.values()) {
            byReason.put(reason, new Count());
        }
    }

    /** What a connection is kept for has changed; nothing on either side means that it was not, or is not. */
    public void onChange(Set<PinReason> before, Set<PinReason> after) {
        if (before.isEmpty() && after.isEmpty()) {
            return;
        }
        connections.onChange(!before.isEmpty(), !after.isEmpty());
        byReason.forEach((reason, count) -> count.onChange(before.contains(reason), after.contains(reason)));
    }

    private Count of(PinReason reason) {
        return Objects.requireNonNull(byReason.get(reason));
    }

    /** Connections that are pinned at this moment. */
    public int connectionsNow() {
        return connections.now.get();
    }

    /** Times that a connection was pinned since the start. */
    public long connectionsTotal() {
        return connections.total.sum();
    }

    /** Connections pinned for a reason at this moment. */
    public int now(PinReason reason) {
        return of(reason).now.get();
    }

    /** Times that a connection was pinned for a reason since the start. */
    public long total(PinReason reason) {
        return of(reason).total.sum();
    }
}
