package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;

/** Finds the few bytes that mean something among the many that don't: eight at a time. */
final class SpecialBytes {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private final long[] patterns;

    SpecialBytes(byte... bytes) {
        patterns = new long[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            patterns[i] = (bytes[i] & 0xFFL) * ONES;
        }
    }

    /** The index of the first special byte in a range, the end of the range if there is none. Borrows the buffer. */
    int indexIn(ByteBuf buffer, int from, int to) {
        int index = from;
        while (to - index >= Long.BYTES && !isAmong(buffer.getLong(index))) {
            index += Long.BYTES;
        }
        while (index < to && !isAmong((buffer.getByte(index) & 0xFFL) * ONES)) {
            index++;
        }
        return index;
    }

    /** Whether one of eight bytes is special: a byte that equals its pattern leaves zero, and only zero borrows into its high bit. */
    private boolean isAmong(long eight) {
        for (long pattern : patterns) {
            long difference = eight ^ pattern;
            if (((difference - ONES) & ~difference & HIGH_BITS) != 0) {
                return true;
            }
        }
        return false;
    }
}
