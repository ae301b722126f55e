package io.pgring.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one operation may cost.
 *
 * @param benchmark class and method
 * @param title what is measured, for the reader of the table
 * @param nanosMax time per operation; null when none is promised
 * @param allocates whether it makes something that did not exist before
 */
record Limit(String benchmark, String title, @Nullable Integer nanosMax, boolean allocates) {
    /** Bytes per operation that still are none: JMH's own and the JVM's other threads allocate a little meanwhile. */
    static final double BYTES_MAX = 0.01;

    private Limit(String benchmark, String title, @Nullable Integer nanosMax) {
        this(benchmark, title, nanosMax, false);
    }

    /** Whether an operation allocates that must not. */
    boolean isBrokenBy(Measurement measurement) {
        return !allocates && measurement.allocates();
    }

    /** All benchmarks, in the order of the table. */
    static final List<Limit> ALL = List.of(
            new Limit("TokenBenchmark.ofText", "token of a text key, 12 bytes", null),
            new Limit("TokenBenchmark.ofLong", "token of an integer key", null),
            new Limit("RingBenchmark.ownerOf", "ring lookup, 8 shards", 40),
            new Limit("NormalizerBenchmark.normalize", "lexer and normaliser, 57 bytes", null),
            new Limit("RoutingBenchmark.planCacheHit", "plan-cache hit, key and route, 57 bytes", 300),
            new Limit("RoutingBenchmark.preparedStatement", "prepared statement, key and route", null),
            new Limit("FramingBenchmark.dataRow", "frame decoding, for each of 64 DataRows", null),
            new Limit("SplitBenchmark.insertOfThousandRows", "INSERT of 1,000 rows to 3 shards", 2_000_000, true));
}
