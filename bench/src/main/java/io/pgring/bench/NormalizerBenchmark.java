package io.pgring.bench;

import io.pgring.pgsql.lexer.Normalizer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From the text of a statement to the key of its plan and the places of its literals. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NormalizerBenchmark {
    private final Normalizer normalizer = new Normalizer();
    private final KeyedStatements statements = new KeyedStatements();

    /** A statement of 57 bytes. */
    @Benchmark
    public long normalize() {
        byte[] text = statements.next();
        normalizer.normalize(text, 0, text.length);
        return normalizer.keyHash();
    }
}
