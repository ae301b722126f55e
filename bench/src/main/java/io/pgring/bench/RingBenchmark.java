package io.pgring.bench;

import io.pgring.hashring.Ring;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From a token to the shard that owns it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingBenchmark {
    private static final int SHARDS = 8;
    /** A power of two, and more than a branch predictor remembers. */
    private static final int TOKENS = 1 << 16;

    private static final long SEED = 8;

    private final Ring ring = KeyValueTopology.ringOf(SHARDS);
    private final int[] tokens = new Random(SEED).ints(TOKENS).toArray();
    private int at;

    /** Random tokens on a ring of 8 equal shards. */
    @Benchmark
    public int ownerOf() {
        return ring.ownerOf(tokens[at++ & (TOKENS - 1)]);
    }
}
