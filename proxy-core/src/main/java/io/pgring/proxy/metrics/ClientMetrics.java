package io.pgring.proxy.metrics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Clients of the proxy: how many there are, and what was refused. */
public final class ClientMetrics {
    private final AtomicInteger connected = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();
    private final LongAdder refusedStatements = new LongAdder();
    private final PinMetrics pins = new PinMetrics();
    private final NotificationMetrics notifications = new NotificationMetrics();

    /**
     * A client asks to come in.
     *
     * @param clientsMax how many there may be at one time
     * @return whether there is room; if so, {@link #onDisconnected()} must follow once
     */
    public boolean onConnecting(int clientsMax) {
        if (connected.incrementAndGet() > clientsMax) {
            connected.decrementAndGet();
            turnedAway.increment();
            return false;
        }
        accepted.increment();
        return true;
    }

    /** A client that had been let in is gone. */
    public void onDisconnected() {
        connected.decrementAndGet();
    }

    /** What clients hear that listen. */
    public NotificationMetrics notifications() {
        return notifications;
    }

    /** A statement was answered with a refusal by the proxy itself. */
    public void onStatementRefused() {
        refusedStatements.increment();
    }

    /** Connections that they keep between their transactions. */
    public PinMetrics pins() {
        return pins;
    }

    /** Clients connected at this moment. */
    public int connected() {
        return connected.get();
    }

    /** Clients let in since the start. */
    public long accepted() {
        return accepted.sum();
    }

    /** Clients turned away for lack of room since the start. */
    public long turnedAway() {
        return turnedAway.sum();
    }

    /** Statements refused since the start. */
    public long refusedStatements() {
        return refusedStatements.sum();
    }
}
