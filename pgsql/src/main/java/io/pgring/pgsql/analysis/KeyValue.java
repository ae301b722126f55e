package io.pgring.pgsql.analysis;

import io.pgring.pgsql.lexer.LiteralKind;

/** Where the value of a key column comes from. */
public sealed interface KeyValue {
    /**
     * {@code $n}: one value. It may be NULL, in which case a comparison finds no row and an INSERT must be refused.
     *
     * @param number from 1
     * @param castToText whether the text says {@code $n::text} or {@code ::varchar}: without a declared type it is then text
     */
    record Parameter(int number, boolean castToText) implements KeyValue {}

    /**
     * A literal constant of the text. Of an integer that is cast to text the value is its digits without leading zeros.
     *
     * @param kind as written in the analysed text; another text of the same plan may have another kind of the same marker
     * @param start byte offset of the literal, with its quotes and prefix
     * @param end byte offset after it
     * @param castToText whether it is cast to text or varchar, so that it is text in every context
     */
    record Literal(LiteralKind kind, int start, int end, boolean castToText) implements KeyValue {}

    /** {@code key = ANY($n)}: all elements of an array parameter; a NULL array or element finds nothing. */
    record ArrayParameter(int number) implements KeyValue {}
}
