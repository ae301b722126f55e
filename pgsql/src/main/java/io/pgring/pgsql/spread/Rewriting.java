package io.pgring.pgsql.spread;

/** Makes the text that a server runs of the client's. One rewriting fits all texts with the same tokens. */
public interface Rewriting {
    /** The new text. */
    byte[] of(byte[] text);

    /**
     * Where a place of the new text is in the old one, for the position field of an ErrorResponse. Both count characters from 1.
     */
    int originalPosition(byte[] text, int position);
}
