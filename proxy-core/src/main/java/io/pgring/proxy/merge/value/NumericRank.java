package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** The classes of numeric values in their order: NaN is equal to itself and above all others. */
final class NumericRank {
    static final int NEGATIVE_INFINITY = -2;
    static final int NEGATIVE = -1;
    static final int ZERO = 0;
    static final int POSITIVE = 1;
    static final int INFINITY = 2;
    static final int NAN = 3;
    /** One of the three in the middle: its digits say which. */
    static final int FINITE = 4;

    private NumericRank() {}

    /** The class of a number in text format, FINITE for what is no word. Borrows the buffer. */
    static int ofWord(ByteBuf value, int start, int length) {
        if (Bytes.isText(value, start, length, "NaN")) {
            return NAN;
        }
        if (Bytes.isText(value, start, length, "Infinity")) {
            return INFINITY;
        }
        return Bytes.isText(value, start, length, "-Infinity") ? NEGATIVE_INFINITY : FINITE;
    }
}
