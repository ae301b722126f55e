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

    /** So many decimal digits a long holds, whichever they are; counted in whole digits of base 10000. */
    static final int LONG_DIGITS = 16;

    private NumericRank() {}

    /**
     * A number in the order of the values of some classes.
     *
     * @param integerPart of the magnitude; of no meaning unless negative or positive
     */
    static long abbreviate(int rank, long integerPart) {
        return switch (rank) {
            case NEGATIVE_INFINITY -> Long.MIN_VALUE;
            case NEGATIVE -> -integerPart;
            case ZERO -> 0;
            case POSITIVE -> integerPart;
            default -> Long.MAX_VALUE;
        };
    }

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
