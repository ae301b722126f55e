package io.pgring.proxy.app.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How operations of one kind went. One thread writes; {@link #add} brings the threads together at the end. */
public final class Operations {
    private static final long LATENCY_MICROS_MAX = TimeUnit.HOURS.toMicros(1);

    private final Histogram latencyMicros = new Histogram(LATENCY_MICROS_MAX, 3);
    private long errors;
    private long nanos;

    void onSuccess(long latencyNanos) {
        latencyMicros.recordValue(Math.min(TimeUnit.NANOSECONDS.toMicros(latencyNanos), LATENCY_MICROS_MAX));
    }

    void onError() {
        errors++;
    }

    void add(Operations other) {
        latencyMicros.add(other.latencyMicros);
        errors += other.errors;
    }

    void tookNanos(long nanos) {
        this.nanos = nanos;
    }

    /** Operations that were answered without an error. */
    public long count() {
        return latencyMicros.getTotalCount();
    }

    /** Operations that failed; their latencies are not counted. */
    public long errors() {
        return errors;
    }

    /** Successful operations per second of the phase. */
    public double perSecond() {
        return nanos == 0 ? 0 : count() * 1e9 / nanos;
    }

    /** Latency in microseconds that this part (0 to 100) of the operations did not exceed. */
    public long latencyMicros(double percentile) {
        return latencyMicros.getValueAtPercentile(percentile);
    }

    /** Largest latency in microseconds. */
    public long latencyMicrosMax() {
        return latencyMicros.getMaxValue();
    }
}
