package io.pgring.proxy.admin;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Percentiles of a latency in microseconds, since the start; all 0 when nothing was measured. */
record LatencyStats(long p50, long p95, long p99, long max) {

    static LatencyStats of(Histogram nanos) {
        return new LatencyStats(
                micros(nanos.getValueAtPercentile(50)),
                micros(nanos.getValueAtPercentile(95)),
                micros(nanos.getValueAtPercentile(99)),
                micros(nanos.getMaxValue()));
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
