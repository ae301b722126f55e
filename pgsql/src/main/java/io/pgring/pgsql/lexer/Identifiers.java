package io.pgring.pgsql.lexer;

import java.nio.charset.StandardCharsets;

/** The value of an identifier token. */
public final class Identifiers {
    /** NAMEDATALEN - 1: PostgreSQL cuts longer names. */
    private static final int NAME_BYTES_MAX = 63;

    private Identifiers() {}

    /** Folded to lower case (ASCII alone) if unquoted, without quotes and escapes otherwise; cut to 63 bytes at a character. */
    public static String decode(byte[] text, int start, int end) {
        byte[] out = new byte[end - start];
        return new String(out, 0, cut(out, decode(text, start, end, out)), StandardCharsets.UTF_8);
    }

    /** As {@link #decode(byte[], int, int)}, but not cut. */
    public static String decodeWhole(byte[] text, int start, int end) {
        byte[] out = new byte[end - start];
        return new String(out, 0, decode(text, start, end, out), StandardCharsets.UTF_8);
    }

    private static int decode(byte[] text, int start, int end, byte[] out) {
        int length;
        if (text[start] == '"') {
            length = unquote(text, start + 1, end, out);
        } else if (isUnicodeQuoted(text, start, end)) {
            int quoted = StringScanner.quotedIdentifier(text, start, start + 3, end);
            length = unquote(text, start + 3, quoted, out);
            length = UnicodeEscapes.unescape(out, length, UnicodeEscapes.escapeCharacter(text, quoted, end), start);
        } else {
            length = fold(text, start, end, out);
        }
        return length;
    }

    private static boolean isUnicodeQuoted(byte[] text, int start, int end) {
        return end - start > 3 && (text[start] | 0x20) == 'u' && text[start + 1] == '&' && text[start + 2] == '"';
    }

    private static int fold(byte[] text, int start, int end, byte[] out) {
        int length = 0;
        for (int i = start; i < end; i++) {
            byte character = text[i];
            out[length++] = character >= 'A' && character <= 'Z' ? (byte) (character | 0x20) : character;
        }
        return length;
    }

    private static int unquote(byte[] text, int from, int end, byte[] out) {
        int length = 0;
        for (int i = from; i < end - 1; i++) {
            out[length++] = text[i];
            if (text[i] == '"') {
                i++;
            }
        }
        return length;
    }

    private static int cut(byte[] name, int length) {
        if (length <= NAME_BYTES_MAX) {
            return length;
        }
        int cut = NAME_BYTES_MAX;
        while (cut > 0 && (name[cut] & 0xC0) == 0x80) {
            cut--;
        }
        return cut;
    }
}
