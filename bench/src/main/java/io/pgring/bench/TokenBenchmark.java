package io.pgring.bench;

import io.pgring.hashring.Token;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The token of a key: PostgreSQL's hash of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenBenchmark {
    private final KeyedStatements statements = new KeyedStatements();
    private long number = 1;

    /** A text key of 12 bytes. */
    @Benchmark
    public int ofText() {
        byte[] key = statements.nextKey();
        return Token.ofText(key, 0, key.length);
    }

    /** An integer key. */
    @Benchmark
    public int ofLong() {
        return Token.ofLong(number++);
    }
}
