package io.pgring.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one operation may cost.
 *
 * @param benchmark class and method
 * @param title what is measured, for the reader of the table
 * @param nanosMax time per operation; null when none is promised
 */
record Limit(String benchmark, String title, @Nullable Integer nanosMax) {
    /** Bytes per operation that still are none: JMH's own and the JVM's other threads allocate a little meanwhile. */
    static final double BYTES_MAX = 0.01;

    /** All benchmarks, in the order of the table. */
    static final List<Limit> ALL = List.of(
            new Limit("TokenBenchmark.ofText", "token of a text key, 12 bytes", null),
            new Limit("TokenBenchmark.ofLong", "token of an integer key", null),
            new Limit("RingBenchmark.ownerOf", "ring lookup, 8 shards", 40),
            new Limit("NormalizerBenchmark.normalize", "lexer and normaliser, 57 bytes", null),
            new Limit("RoutingBenchmark.planCacheHit", "plan-cache hit, key and route, 57 bytes", 300),
            new Limit("RoutingBenchmark.preparedStatement", "prepared statement, key and route", null),
            new Limit("FramingBenchmark.dataRow", "frame decoding, for each of 64 DataRows", null));
}
