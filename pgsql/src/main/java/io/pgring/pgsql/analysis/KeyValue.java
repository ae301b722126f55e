package io.pgring.pgsql.analysis;

import io.pgring.pgsql.lexer.LiteralKind;

/** Where the value of a key column comes from. */
public sealed interface KeyValue {
    /**
     * {@code $n}: one value. It may be NULL, in which case a comparison finds no row and an INSERT must be refused.
     *
     * @param number from 1
     * @param cast what the text casts it to, as in {@code $n::text}: without a declared type it is then of that type
     */
    record Parameter(int number, KeyCast cast) implements KeyValue {}

    /**
     * A literal constant of the text. Of an integer that is cast to text the value is its digits without leading zeros.
     *
     * @param kind as written in the analysed text; another text of the same plan may have another kind of the same marker
     * @param start byte offset of the literal, with its quotes and prefix
     * @param end byte offset after it
     * @param cast what the text casts it to, so that it is of that type in every context
     * @param negated whether a minus sign stands before it
     */
    record Literal(LiteralKind kind, int start, int end, KeyCast cast, boolean negated) implements KeyValue {}

    /**
     * {@code key = ANY($n)}: all elements of an array parameter; a NULL array or element finds nothing.
     *
     * @param number from 1
     * @param cast what the text casts its elements to
     */
    record ArrayParameter(int number, KeyCast cast) implements KeyValue {}

    /**
     * {@code key = ANY('{a,b}')}: all elements of an array whose text is a string literal.
     *
     * @param kind of string, as of {@link Literal}
     * @param start byte offset of the literal, with its quotes and prefix
     * @param end byte offset after it
     * @param cast what the text casts its elements to
     */
    record ArrayLiteral(LiteralKind kind, int start, int end, KeyCast cast) implements KeyValue {}
}
