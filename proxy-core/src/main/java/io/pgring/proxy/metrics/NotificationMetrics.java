package io.pgring.proxy.metrics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Clients that listen, and what they have heard. */
public final class NotificationMetrics {
    private final AtomicInteger listeners = new AtomicInteger();
    private final LongAdder delivered = new LongAdder();
    private volatile int channels;

    /** A client listens to its first channel. */
    public void onListener() {
        listeners.incrementAndGet();
    }

    /** A client that did listens to none any more. */
    public void onListenerGone() {
        listeners.decrementAndGet();
    }

    /** The proxy listens to so many channels now. */
    public void onChannels(int now) {
        channels = now;
    }

    /** A client was sent a notification. */
    public void onDelivered() {
        delivered.increment();
    }

    /** Clients that listen at this moment. */
    public int listeners() {
        return listeners.get();
    }

    /** Channels to which any client listens at this moment. */
    public int channels() {
        return channels;
    }

    /** Notifications sent to clients since the start: one that goes to three clients counts three times. */
    public long delivered() {
        return delivered.sum();
    }
}
