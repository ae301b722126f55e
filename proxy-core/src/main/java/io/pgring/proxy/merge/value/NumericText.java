package io.pgring.proxy.merge.value;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;

/** numeric in text format: a plain decimal without exponent, or a word. */
final class NumericText {
    private NumericText() {}

    static Numeric decode(ByteBuf value, int start, int length) {
        return switch (NumericRank.ofWord(value, start, length)) {
            case NumericRank.NAN -> Numeric.Special.NAN;
            case NumericRank.INFINITY -> Numeric.Special.INFINITY;
            case NumericRank.NEGATIVE_INFINITY -> Numeric.Special.NEGATIVE_INFINITY;
            default -> new Numeric.Finite(finite(value, start, length));
        };
    }

    static void encode(Numeric number, ByteBuf out) {
        out.writeCharSequence(number.toString(), US_ASCII);
    }

    private static BigDecimal finite(ByteBuf value, int start, int length) {
        for (int i = start; i < start + length; i++) {
            byte character = value.getByte(i);
            boolean sign = character == '-' && i == start;
            boolean point = character == '.' && i > start;
            if (!Bytes.isDigit(character) && !sign && !point) {
                throw MergeFailure.unreadable("numeric");
            }
        }
        try {
            return new BigDecimal(value.toString(start, length, US_ASCII));
        } catch (NumberFormatException twoPointsOrNoDigits) {
            throw MergeFailure.unreadable("numeric");
        }
    }
}
