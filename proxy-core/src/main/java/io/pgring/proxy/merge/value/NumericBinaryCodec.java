package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** numeric in binary format, to numbers and back; see {@link NumericBinary}. */
final class NumericBinaryCodec {
    /** What numeric_send gives as the display scale of an infinity: bits of its short header that mean nothing. */
    private static final int INFINITY_DISPLAY_SCALE = 32;

    private NumericBinaryCodec() {}

    static Numeric decode(ByteBuf value, int start, int length) {
        NumericBinary view = new NumericBinary();
        view.read(value, start, length);
        return switch (view.rank()) {
            case NumericRank.NAN -> Numeric.Special.NAN;
            case NumericRank.INFINITY -> Numeric.Special.INFINITY;
            case NumericRank.NEGATIVE_INFINITY -> Numeric.Special.NEGATIVE_INFINITY;
            default -> new Numeric.Finite(finite(view));
        };
    }

    private static BigDecimal finite(NumericBinary view) {
        StringBuilder digits = new StringBuilder("0");
        for (int i = 0; i < view.digitCount(); i++) {
            appendFourDigits(digits, view.digit(i));
        }
        int decimalWeight = NumericBinary.BASE_DIGITS * (view.weight() - view.digitCount() + 1);
        BigInteger magnitude = new BigInteger(digits.toString());
        BigDecimal number = new BigDecimal(magnitude, magnitude.signum() == 0 ? 0 : -decimalWeight);
        try {
            BigDecimal shown = number.setScale(view.displayScale(), RoundingMode.UNNECESSARY);
            return view.rank() == NumericRank.NEGATIVE ? shown.negate() : shown;
        } catch (ArithmeticException digitsBelowTheDisplayScale) {
            throw MergeFailure.unreadable("numeric");
        }
    }

    private static void appendFourDigits(StringBuilder digits, int number) {
        digits.append((char) ('0' + number / 1_000))
                .append((char) ('0' + number / 100 % 10))
                .append((char) ('0' + number / 10 % 10))
                .append((char) ('0' + number % 10));
    }

    static void encode(Numeric number, ByteBuf out) {
        if (number instanceof Numeric.Finite finite) {
            encode(finite.value(), out);
        } else if (number == Numeric.Special.NAN) {
            encodeHeader(out, 0, 0, NumericBinary.SIGN_NAN, 0);
        } else {
            boolean positive = number == Numeric.Special.INFINITY;
            int sign = positive ? NumericBinary.SIGN_INFINITY : NumericBinary.SIGN_NEGATIVE_INFINITY;
            encodeHeader(out, 0, 0, sign, INFINITY_DISPLAY_SCALE);
        }
    }

    private static void encode(BigDecimal number, ByteBuf out) {
        if (number.signum() == 0) {
            encodeHeader(out, 0, 0, NumericBinary.SIGN_POSITIVE, number.scale());
            return;
        }
        int fractionDigits = roundedUp(number.scale());
        String digits = number.setScale(fractionDigits).unscaledValue().abs().toString();
        String aligned = "0".repeat(roundedUp(digits.length()) - digits.length()) + digits;
        int count = aligned.length() / NumericBinary.BASE_DIGITS;
        int weight = count - 1 - fractionDigits / NumericBinary.BASE_DIGITS;
        while (fourDigits(aligned, count - 1) == 0) {
            count--;
        }
        int sign = number.signum() < 0 ? NumericBinary.SIGN_NEGATIVE : NumericBinary.SIGN_POSITIVE;
        encodeHeader(out, count, weight, sign, number.scale());
        for (int i = 0; i < count; i++) {
            out.writeShort(fourDigits(aligned, i));
        }
    }

    private static int roundedUp(int digits) {
        return -Math.floorDiv(-digits, NumericBinary.BASE_DIGITS) * NumericBinary.BASE_DIGITS;
    }

    private static int fourDigits(String digits, int index) {
        int from = index * NumericBinary.BASE_DIGITS;
        return Integer.parseInt(digits, from, from + NumericBinary.BASE_DIGITS, 10);
    }

    private static void encodeHeader(ByteBuf out, int digitCount, int weight, int sign, int displayScale) {
        out.writeShort(digitCount).writeShort(weight).writeShort(sign).writeShort(displayScale);
    }
}
