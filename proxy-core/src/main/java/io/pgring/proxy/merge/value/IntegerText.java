package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** smallint, integer, bigint and oid in text format: an optional minus and decimal digits. */
public final class IntegerText {
    private IntegerText() {}

    /** Borrows the buffer; start is absolute. */
    public static long read(ByteBuf value, int start, int length) {
        int end = start + length;
        boolean negative = length > 0 && value.getByte(start) == '-';
        int position = negative ? start + 1 : start;
        if (position == end) {
            throw MergeFailure.unreadable("integer");
        }
        // Counts below zero, because there is one more number than above.
        long number = 0;
        for (; position < end; position++) {
            int digit = value.getByte(position) - '0';
            boolean tooLarge = number < Long.MIN_VALUE / 10 || number * 10 < Long.MIN_VALUE + digit;
            if (digit < 0 || digit > 9 || tooLarge) {
                throw MergeFailure.unreadable("integer");
            }
            number = number * 10 - digit;
        }
        if (!negative && number == Long.MIN_VALUE) {
            throw MergeFailure.unreadable("integer");
        }
        return negative ? number : -number;
    }
}
