package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** Byte strings inside buffers. */
final class Bytes {
    private Bytes() {}

    /** Compares as memcmp does, a prefix first. Borrows both. */
    static int compare(ByteBuf left, int leftStart, int leftLength, ByteBuf right, int rightStart, int rightLength) {
        int common = Math.min(leftLength, rightLength);
        int i = 0;
        while (common - i >= Long.BYTES) {
            int order = Long.compareUnsigned(left.getLong(leftStart + i), right.getLong(rightStart + i));
            if (order != 0) {
                return order;
            }
            i += Long.BYTES;
        }
        while (i < common) {
            int order = Integer.compare(left.getUnsignedByte(leftStart + i), right.getUnsignedByte(rightStart + i));
            if (order != 0) {
                return order;
            }
            i++;
        }
        return Integer.compare(leftLength, rightLength);
    }

    /** The first eight bytes as a number in their order, as if zeros followed. Borrows the buffer. */
    static long abbreviate(ByteBuf value, int start, int length) {
        long unsigned = 0;
        if (length >= Long.BYTES) {
            unsigned = value.getLong(start);
        } else {
            for (int i = 0; i < length; i++) {
                unsigned |= (long) value.getUnsignedByte(start + i) << (56 - 8 * i);
            }
        }
        return unsigned ^ Long.MIN_VALUE;
    }

    /** Whether a value is just these ASCII characters. Borrows the buffer. */
    static boolean isText(ByteBuf value, int start, int length, String ascii) {
        if (length != ascii.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (value.getByte(start + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }
}
