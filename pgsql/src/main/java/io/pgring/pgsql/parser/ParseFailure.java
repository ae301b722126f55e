package io.pgring.pgsql.parser;

/** The grammar met a token that it does not understand. Caught at the border of a statement. */
final class ParseFailure extends RuntimeException {
    private final int position;

    /** @param position byte offset into the text */
    ParseFailure(String reason, int position) {
        super(reason, null, false, false);
        this.position = position;
    }

    int position() {
        return position;
    }
}
