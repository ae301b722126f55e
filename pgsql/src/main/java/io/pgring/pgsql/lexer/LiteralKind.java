package io.pgring.pgsql.lexer;

/** Kinds of literal constants. Literals of one marker share a plan; the kind of each execution says how to read its value. */
public enum LiteralKind {
    /** {@code 'abc'} without doubled quotes: the value is the bytes between the quotes. */
    STRING((byte) 0xF8),
    /** {@code 'it''s'}, {@code E'..'}, {@code U&'..'}, {@code $$..$$}, or continued on another line: needs {@link StringLiteral#decode}. */
    STRING_ESCAPED((byte) 0xF8),
    /** Decimal digits alone: {@code 42}. Any number of them; never a sign. */
    INTEGER((byte) 0xF9),
    /** Any other number: {@code 1.5}, {@code 1e5}, {@code 0x1F}, {@code 1_000}. */
    NUMERIC((byte) 0xFA),
    /** {@code B'01'} or {@code X'1F'}. */
    BIT_STRING((byte) 0xFB);

    private final byte marker;

    LiteralKind(byte marker) {
        this.marker = marker;
    }

    /** The byte that stands for such a literal in a normalised key; it occurs in no UTF-8 text. */
    public byte marker() {
        return marker;
    }

    /** Whether this is a character string, in whichever notation. */
    public boolean isString() {
        return this == STRING || this == STRING_ESCAPED;
    }
}
