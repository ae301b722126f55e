package io.pgring.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Stepping through the messages of a server's reply. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FramingBenchmark {
    private static final int ROWS = 64;
    private static final String VALUE = "value-1234567";

    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private final ByteBuf replies = PooledByteBufAllocator.DEFAULT.directBuffer();

    @Setup
    public void encodeRows() {
        for (int i = 0; i < ROWS; i++) {
            DataRow.ofText(VALUE).encode(replies);
        }
    }

    @TearDown
    public void releaseRows() {
        replies.release();
    }

    /** One DataRow out of 64 that arrived together. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int dataRow() {
        replies.readerIndex(0);
        int bytes = 0;
        while (cursor.next(replies)) {
            bytes += cursor.length();
            cursor.advance(replies);
        }
        return bytes;
    }
}
