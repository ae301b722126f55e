package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A value of type numeric with PostgreSQL's arithmetic. The scale of a finite one is its display scale: trailing zeros matter to
 * the client.
 */
public sealed interface Numeric {
    /** The values that are no numbers. */
    enum Special implements Numeric {
        NAN("NaN"),
        INFINITY("Infinity"),
        NEGATIVE_INFINITY("-Infinity");

        private final String text;

        Special(String text) {
            this.text = text;
        }

        @Override
        public Numeric plus(Numeric that) {
            boolean stays = this == NAN || that instanceof Finite || this == that;
            return stays ? this : NAN;
        }

        @Override
        public Numeric dividedBy(long count) {
            return this;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A number; its scale is not negative. */
    record Finite(BigDecimal value) implements Numeric {
        private static final int INTEGER_DIGITS_MAX = 131_072;

        public Finite {
            if (value.scale() < 0) {
                value = value.setScale(0);
            }
            if (value.precision() - value.scale() > INTEGER_DIGITS_MAX) {
                throw MergeFailure.outOfRange("value overflows numeric format");
            }
        }

        @Override
        public Numeric plus(Numeric that) {
            return that instanceof Finite finite ? new Finite(value.add(finite.value)) : that;
        }

        @Override
        public Numeric dividedBy(long count) {
            BigDecimal divisor = BigDecimal.valueOf(count);
            return new Finite(value.divide(divisor, QuotientScale.of(value, divisor), RoundingMode.HALF_UP));
        }

        @Override
        public String toString() {
            return value.toPlainString();
        }
    }

    static Numeric of(long number) {
        return new Finite(BigDecimal.valueOf(number));
    }

    /**
     * Reads a value. Borrows the buffer; start is absolute.
     *
     * @throws MergeFailure when it can't be read
     */
    static Numeric decode(int format, ByteBuf value, int start, int length) {
        return format == Format.BINARY
                ? NumericBinaryCodec.decode(value, start, length)
                : NumericText.decode(value, start, length);
    }

    /** Appends the value without its length. Borrows the buffer. */
    default void encode(int format, ByteBuf out) {
        if (format == Format.BINARY) {
            NumericBinaryCodec.encode(this, out);
        } else {
            NumericText.encode(this, out);
        }
    }

    /** The exact sum; its display scale is the larger one. */
    Numeric plus(Numeric that);

    /**
     * The quotient with as many digits as PostgreSQL gives it, rounded half away from zero.
     *
     * @param count above zero
     */
    Numeric dividedBy(long count);
}
