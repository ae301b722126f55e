package io.pgring.proxy.merge.value;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** real and double precision: NaN is equal to itself and above all others, -0 equals 0 (manual, "Floating-Point Types"). */
final class Floats {
    private Floats() {}

    /** A long in the order of the numbers. */
    static long ordered(double number) {
        // Adding 0 turns -0 into 0; doubleToLongBits knows one NaN, whose bits are above those of Infinity.
        long bits = Double.doubleToLongBits(number + 0.0);
        return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
    }

    /** double precision in text format. */
    static long float8(ByteBuf value, int start, int length) {
        return ordered(Double.parseDouble(text(value, start, length)));
    }

    /** real in text format. */
    static long float4(ByteBuf value, int start, int length) {
        return ordered(Float.parseFloat(text(value, start, length)));
    }

    /** The text, if Java reads it as PostgreSQL wrote it. */
    private static String text(ByteBuf value, int start, int length) {
        String text = value.toString(start, length, US_ASCII);
        boolean word = text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
        if (!word && !isDecimal(text)) {
            throw MergeFailure.unreadable("double precision");
        }
        return text;
    }

    /** {@code -?d+(.d+)?(e[+-]d+)?} */
    private static boolean isDecimal(String text) {
        int position = text.startsWith("-") ? 1 : 0;
        int end = digits(text, position);
        boolean decimal = end > position;
        if (end < text.length() && text.charAt(end) == '.') {
            position = end + 1;
            end = digits(text, position);
            decimal &= end > position;
        }
        if (end + 1 < text.length() && text.charAt(end) == 'e' && "+-".indexOf(text.charAt(end + 1)) >= 0) {
            position = end + 2;
            end = digits(text, position);
            decimal &= end > position;
        }
        return decimal && end == text.length();
    }

    private static int digits(String text, int from) {
        int position = from;
        while (position < text.length() && Bytes.isDigit((byte) text.charAt(position))) {
            position++;
        }
        return position;
    }
}
