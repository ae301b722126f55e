package io.pgring.bench;

import java.util.Objects;
import org.openjdk.jmh.results.RunResult;

/**
 * What one operation did cost.
 *
 * @param nanos mean time per operation
 * @param error half the width of the 99.9 % confidence interval, in nanoseconds; NaN after too few iterations
 * @param bytes allocated per operation; the median of the iterations, since sometimes one has what another thread of the JVM
 *     allocates
 */
record Measurement(double nanos, double error, double bytes) {
    private static final double MEDIAN = 50;
    private static final String ALLOCATED_PER_OPERATION = "gc.alloc.rate.norm";

    /** Of a run in average-time mode, in nanoseconds, with the gc profiler. */
    static Measurement of(RunResult run) {
        String label = run.getSecondaryResults().keySet().stream()
                .filter(name -> name.endsWith(ALLOCATED_PER_OPERATION))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the gc profiler has measured nothing"));
        double bytes = Objects.requireNonNull(run.getSecondaryResults().get(label))
                .getStatistics()
                .getPercentile(MEDIAN);
        return new Measurement(
                run.getPrimaryResult().getScore(), run.getPrimaryResult().getScoreError(), bytes);
    }

    /** Whether an operation allocates, beyond what others allocate meanwhile. */
    boolean allocates() {
        return bytes >= Limit.BYTES_MAX;
    }
}
