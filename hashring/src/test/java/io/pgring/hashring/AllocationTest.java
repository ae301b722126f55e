package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** The way of a key to its shard allocates nothing. */
class AllocationTest {

    private static final int ROUNDS = 1_000_000;
    private static final long BYTES_MAX = 4096;

    @Test
    void ringLookupsAllocateNothing() {
        Ring ring = Ring.of(Members.numbered("shard-", 8));
        assertThat(bytesAllocated(round -> ring.ownerOf(round * 0x9e3779b9))).isLessThan(BYTES_MAX);
    }

    @Test
    void tokensOfBytesAllocateNothing() {
        byte[] utf8 = "tenant-4711:größe:🔑:and a few more words".getBytes(StandardCharsets.UTF_8);
        assertThat(bytesAllocated(round -> Token.ofText(utf8, 0, round % utf8.length)))
                .isLessThan(BYTES_MAX);
    }

    @Test
    void tokensOfStringsAllocateNothing() {
        String[] texts = {"user_1", "größe", "tenant-4711:🔑:and a few more words"};
        assertThat(bytesAllocated(round -> Token.ofText(texts[round % texts.length])))
                .isLessThan(BYTES_MAX);
    }

    @Test
    void tokensOfIntegersAndUuidsAllocateNothing() {
        assertThat(bytesAllocated(round -> Token.ofLong(-round) ^ Token.ofUuid(round, -round)))
                .isLessThan(BYTES_MAX);
    }

    /** What a million calls allocate in this thread; classes are loaded by a few thousand calls before. */
    private static long bytesAllocated(IntUnaryOperator call) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int result = 0;
        for (int round = 0; round < 10_000; round++) {
            result += call.applyAsInt(round);
        }
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < ROUNDS; round++) {
            result += call.applyAsInt(round);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(result).isNotZero();
        return allocated;
    }
}
