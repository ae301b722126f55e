package io.pgring.it.history;

/** Something that must not be. */
record Violation(Kind kind, String text) {
    /** What is wrong. */
    enum Kind {
        /** An acknowledged write is not there in the end. */
        LOST,
        /** A write is there twice. */
        TWICE,
        /** A row is there twice. */
        DOUBLED_ROW,
        /** Something is there that nobody has written, or that has failed. */
        UNEXPECTED,
        /** Something that was seen is not there later, or another order was seen. */
        VANISHED,
        /** Something acknowledged or seen before was not seen. */
        STALE,
        /** A part of a transaction is there, another is not. */
        HALF,
        /** There were more rows or fewer than there can have been. */
        COUNT
    }

    @Override
    public String toString() {
        return kind + ": " + text;
    }
}
