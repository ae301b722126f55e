package io.pgring.proxy.copy;

/**
 * How the rows of a COPY are written; the options of the statement that matter to find its rows. The client's encoding must be one
 * in which the bytes of ASCII stand for nothing else, as in UTF-8.
 */
public sealed interface CopyFormat {
    /**
     * FORMAT text.
     *
     * @param header the first line holds column names
     */
    record Text(byte delimiter, String nullText, boolean header) implements CopyFormat {
        /** What COPY reads unless told otherwise. */
        public static final Text DEFAULT = new Text((byte) '\t', "\\N", false);
    }

    /**
     * FORMAT csv.
     *
     * @param header the first line holds column names
     * @param quote not a backslash, which would make the end marker ambiguous
     * @param endMarker a line {@code \.} ends the data, as it does for servers before version 18
     */
    record Csv(byte delimiter, String nullText, byte quote, byte escape, boolean header, boolean endMarker)
            implements CopyFormat {
        /** What COPY reads unless told otherwise. */
        public static final Csv DEFAULT = new Csv((byte) ',', "", (byte) '"', (byte) '"', false, true);

        public Csv {
            if (quote == '\\') {
                throw new IllegalArgumentException("a backslash can't be the quote");
            }
        }
    }

    /** FORMAT binary. */
    record Binary() implements CopyFormat {}
}
