package io.pgring.proxy.merge.value;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * How many digits PostgreSQL gives a quotient behind the point (src/backend/utils/adt/numeric.c, select_div_scale): so many that
 * 16 significant ones are sure, and at least as many as an operand shows. It estimates in digits of base 10000, hence in steps
 * of four.
 */
final class QuotientScale {
    private static final int SIGNIFICANT_DIGITS_MIN = 16;
    private static final int DISPLAY_SCALE_MAX = 1_000;

    private QuotientScale() {}

    static int of(BigDecimal dividend, BigDecimal divisor) {
        int quotientWeight = weight(dividend) - weight(divisor);
        if (firstDigit(dividend) <= firstDigit(divisor)) {
            quotientWeight--;
        }
        int scale = SIGNIFICANT_DIGITS_MIN - quotientWeight * NumericBinary.BASE_DIGITS;
        scale = Math.max(scale, Math.max(dividend.scale(), divisor.scale()));
        return Math.min(Math.max(scale, 0), DISPLAY_SCALE_MAX);
    }

    /** The power of 10000 of the first digit that is not zero; 0 for zero. */
    private static int weight(BigDecimal number) {
        int decimalExponent = number.precision() - number.scale() - 1;
        return number.signum() == 0 ? 0 : Math.floorDiv(decimalExponent, NumericBinary.BASE_DIGITS);
    }

    /** The first digit of base 10000 that is not zero; 0 for zero. */
    private static int firstDigit(BigDecimal number) {
        BigInteger digits = number.unscaledValue().abs();
        int decimalExponent = number.precision() - number.scale() - 1;
        int kept = Math.floorMod(decimalExponent, NumericBinary.BASE_DIGITS) + 1;
        int shift = kept - number.precision();
        return shift >= 0
                ? digits.multiply(BigInteger.TEN.pow(shift)).intValue()
                : digits.divide(BigInteger.TEN.pow(-shift)).intValue();
    }
}
