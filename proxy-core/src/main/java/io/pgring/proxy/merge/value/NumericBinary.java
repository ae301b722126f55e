package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A view of a numeric in binary format (src/backend/utils/adt/numeric.c, numeric_send). The value is the sum of
 * {@code digit[i] * 10000^(weight - i)}.
 *
 * <pre>
 *   Int16 number of digits | Int16 weight of the first | Int16 sign | Int16 display scale | digits, Int16 each, 0 to 9999
 * </pre>
 */
final class NumericBinary {
    static final int BASE = 10_000;
    static final int BASE_DIGITS = 4;
    static final int SIGN_POSITIVE = 0x0000;
    static final int SIGN_NEGATIVE = 0x4000;
    static final int SIGN_NAN = 0xC000;
    static final int SIGN_INFINITY = 0xD000;
    static final int SIGN_NEGATIVE_INFINITY = 0xF000;
    private static final int HEADER_BYTES = 4 * Short.BYTES;

    private ByteBuf value = Unpooled.EMPTY_BUFFER;
    private int rank;
    private int weight;
    private int displayScale;
    private int digitsStart;
    private int digitCount;

    /** Borrows the buffer until the next read; start is absolute. */
    void read(ByteBuf source, int start, int length) {
        if (length < HEADER_BYTES || length != HEADER_BYTES + Short.BYTES * source.getUnsignedShort(start)) {
            throw MergeFailure.unreadable("numeric");
        }
        value = source;
        digitCount = source.getUnsignedShort(start);
        weight = source.getShort(start + 2);
        int sign = source.getUnsignedShort(start + 4);
        displayScale = source.getUnsignedShort(start + 6);
        digitsStart = start + HEADER_BYTES;
        for (int i = 0; i < digitCount; i++) {
            if (digit(i) >= BASE) {
                throw MergeFailure.unreadable("numeric");
            }
        }
        trimZeros();
        rank = switch (sign) {
            case SIGN_POSITIVE -> digitCount == 0 ? NumericRank.ZERO : NumericRank.POSITIVE;
            case SIGN_NEGATIVE -> digitCount == 0 ? NumericRank.ZERO : NumericRank.NEGATIVE;
            case SIGN_NAN -> NumericRank.NAN;
            case SIGN_INFINITY -> NumericRank.INFINITY;
            case SIGN_NEGATIVE_INFINITY -> NumericRank.NEGATIVE_INFINITY;
            default -> throw MergeFailure.unreadable("numeric");
        };
    }

    private void trimZeros() {
        while (digitCount > 0 && digit(0) == 0) {
            digitsStart += Short.BYTES;
            digitCount--;
            weight--;
        }
        while (digitCount > 0 && digit(digitCount - 1) == 0) {
            digitCount--;
        }
    }

    int rank() {
        return rank;
    }

    /** The power of 10000 of the first digit, which is not zero. */
    int weight() {
        return weight;
    }

    int displayScale() {
        return displayScale;
    }

    int digitCount() {
        return digitCount;
    }

    int digit(int index) {
        return value.getUnsignedShort(digitsStart + Short.BYTES * index);
    }

    /** The digits before the point as a number, the largest of all when they are more than it holds for sure. */
    long integerPart() {
        if ((weight + 1) * BASE_DIGITS > NumericRank.LONG_DIGITS) {
            return Long.MAX_VALUE;
        }
        long part = 0;
        for (int i = 0; i <= weight; i++) {
            part = part * BASE + (i < digitCount ? digit(i) : 0);
        }
        return part;
    }

    int compareMagnitude(NumericBinary that) {
        if (weight != that.weight) {
            return Integer.compare(weight, that.weight);
        }
        // Digits of two bytes, most significant first, none zero at the end: the order of the bytes is the order of the
        // numbers.
        return Bytes.compare(
                value,
                digitsStart,
                Short.BYTES * digitCount,
                that.value,
                that.digitsStart,
                Short.BYTES * that.digitCount);
    }
}
