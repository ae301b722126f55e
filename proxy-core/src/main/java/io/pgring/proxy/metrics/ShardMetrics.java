package io.pgring.proxy.metrics;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What the proxy did on one shard: exchanges served, errors, and how long the shard took to answer. */
public final class ShardMetrics {
    private static final long LATENCY_NANOS_MAX = 3_600_000_000_000L;

    private final LongAdder exchanges = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder connectionsOpened = new LongAdder();
    private final LongAdder connectionsFailed = new LongAdder();
    private final Recorder latency = new Recorder(LATENCY_NANOS_MAX, 2);
    private final Histogram latencyTotal = new Histogram(LATENCY_NANOS_MAX, 2);

    /** An exchange has ended with its ReadyForQuery, {@code nanos} after its first message was sent. */
    public void onExchange(long nanos) {
        exchanges.increment();
        latency.recordValue(Math.min(Math.max(nanos, 0), LATENCY_NANOS_MAX));
    }

    /** The shard has answered with an ErrorResponse, or was lost. */
    public void onError() {
        errors.increment();
    }

    /** A server connection is logged in. */
    public void onConnectionOpened() {
        connectionsOpened.increment();
    }

    /** A server connection could not be opened. */
    public void onConnectionFailed() {
        connectionsFailed.increment();
    }

    /** Exchanges since the start. */
    public long exchanges() {
        return exchanges.sum();
    }

    /** ErrorResponses since the start. */
    public long errors() {
        return errors.sum();
    }

    /** Logins since the start. */
    public long connectionsOpened() {
        return connectionsOpened.sum();
    }

    /** Failed connection attempts since the start. */
    public long connectionsFailed() {
        return connectionsFailed.sum();
    }

    /** Latencies in nanoseconds since the start: a copy. */
    public synchronized Histogram latencyNanos() {
        latencyTotal.add(latency.getIntervalHistogram());
        return latencyTotal.copy();
    }
}
