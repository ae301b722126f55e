package io.pgring.pgsql.lexer;

import java.nio.charset.StandardCharsets;

/** The value of a string literal. */
public final class StringLiteral {
    private StringLiteral() {}

    /**
     * Writes the value of a string literal, as UTF-8, to the begin of {@code out}. Bytes that escapes spell are not checked
     * to be UTF-8: PostgreSQL rejects such a literal itself.
     *
     * @param start byte offset of the literal in {@code text}, at its quote or prefix
     * @param end byte offset after it
     * @param out at least {@code end - start} bytes: a value is never longer than its literal
     * @return the length of the value in bytes
     * @throws SqlSyntaxException if an escape sequence is invalid, or means different things to different versions of PostgreSQL
     */
    public static int decode(byte[] text, int start, int end, byte[] out) {
        return switch (text[start]) {
            case '\'' -> standard(text, start + 1, end, out);
            case 'e', 'E' -> BackslashEscapes.decode(text, start + 2, end, out);
            case 'n', 'N' -> standard(text, start + 2, end, out);
            case 'u', 'U' -> unicode(text, start, end, out);
            case '$' -> dollarQuoted(text, start, end, out);
            default -> throw new IllegalArgumentException("not a string literal");
        };
    }

    /** The value as a string. */
    public static String decodeToString(byte[] text, int start, int end) {
        byte[] out = new byte[end - start];
        int length = decode(text, start, end, out);
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /** Pieces in standard quotes; {@code from} is after the first quote. Stops at the last closing quote. */
    private static int standard(byte[] text, int from, int end, byte[] out) {
        int length = 0;
        int position = from;
        while (position < end) {
            byte character = text[position++];
            if (character != '\'') {
                out[length++] = character;
            } else if (position < end && text[position] == '\'') {
                out[length++] = '\'';
                position++;
            } else {
                int continued = StringScanner.continuation(text, position, end);
                if (continued < 0) {
                    break;
                }
                position = continued;
            }
        }
        return length;
    }

    private static int unicode(byte[] text, int start, int end, byte[] out) {
        int quoted = Math.abs(StringScanner.standard(text, start, start + 3, end));
        int length = standard(text, start + 3, quoted, out);
        return UnicodeEscapes.unescape(out, length, UnicodeEscapes.escapeCharacter(text, quoted, end), start);
    }

    private static int dollarQuoted(byte[] text, int start, int end, byte[] out) {
        int tagLength = StringScanner.dollarTagEnd(text, start, end) - start;
        int length = end - start - 2 * tagLength;
        System.arraycopy(text, start + tagLength, out, 0, length);
        return length;
    }
}
