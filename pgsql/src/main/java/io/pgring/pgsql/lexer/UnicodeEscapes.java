package io.pgring.pgsql.lexer;

/** Escapes of {@code U&'..'} and {@code U&".."}: {@code \XXXX}, {@code \+XXXXXX}, {@code \\}; and UTF-8 encoding. */
final class UnicodeEscapes {
    private UnicodeEscapes() {}

    /** The escape character of a token that ends at {@code end} and whose quotes end at {@code quoted}: a UESCAPE clause lies between. */
    static byte escapeCharacter(byte[] text, int quoted, int end) {
        if (quoted == end) {
            return '\\';
        }
        byte escape = text[end - 2];
        if (CharacterClass.hexDigit(escape) >= 0 || escape == '+' || escape == '"' || CharacterClass.isSpace(escape)) {
            throw new SqlSyntaxException("invalid Unicode escape character", end - 2);
        }
        return escape;
    }

    /**
     * Replaces the escapes in {@code bytes[0, length)} in place.
     *
     * @param position of the token, for errors
     * @return the new length
     */
    static int unescape(byte[] bytes, int length, byte escape, int position) {
        int read = 0;
        int write = 0;
        int highSurrogate = 0;
        while (read < length) {
            boolean escaped = bytes[read] == escape;
            if (!escaped || (read + 1 < length && bytes[read + 1] == escape)) {
                if (highSurrogate != 0) {
                    throw invalid(position);
                }
                bytes[write++] = bytes[read];
                read += escaped ? 2 : 1;
                continue;
            }
            boolean six = read + 1 < length && bytes[read + 1] == '+';
            int first = read + (six ? 2 : 1);
            int after = first + (six ? 6 : 4);
            int codePoint = hex(bytes, first, after, length, position);
            read = after;
            if (highSurrogate != 0) {
                if (!isLowSurrogate(codePoint)) {
                    throw invalid(position);
                }
                write = encode(join(highSurrogate, codePoint), bytes, write, position);
                highSurrogate = 0;
            } else if (isHighSurrogate(codePoint)) {
                highSurrogate = codePoint;
            } else {
                write = encode(codePoint, bytes, write, position);
            }
        }
        if (highSurrogate != 0) {
            throw invalid(position);
        }
        return write;
    }

    /** The number in {@code bytes[from, to)}, all of which must be hexadecimal digits below {@code limit}. */
    static int hex(byte[] bytes, int from, int to, int limit, int position) {
        if (to > limit) {
            throw invalid(position);
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = CharacterClass.hexDigit(bytes[i]);
            if (digit < 0 || number > 0x10FFFF) {
                throw invalid(position);
            }
            number = number << 4 | digit;
        }
        return number;
    }

    /**
     * Appends a code point as UTF-8.
     *
     * @return the new length
     */
    static int encode(int codePoint, byte[] out, int length, int position) {
        if (codePoint <= 0 || codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF)) {
            throw invalid(position);
        }
        int write = length;
        if (codePoint < 0x80) {
            out[write++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            out[write++] = (byte) (0xC0 | (codePoint >> 6));
            out[write++] = (byte) (0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            out[write++] = (byte) (0xE0 | (codePoint >> 12));
            out[write++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            out[write++] = (byte) (0x80 | (codePoint & 0x3F));
        } else {
            out[write++] = (byte) (0xF0 | (codePoint >> 18));
            out[write++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            out[write++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            out[write++] = (byte) (0x80 | (codePoint & 0x3F));
        }
        return write;
    }

    static boolean isHighSurrogate(int codePoint) {
        return codePoint >= 0xD800 && codePoint <= 0xDBFF;
    }

    static boolean isLowSurrogate(int codePoint) {
        return codePoint >= 0xDC00 && codePoint <= 0xDFFF;
    }

    static int join(int high, int low) {
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }

    static SqlSyntaxException invalid(int position) {
        return new SqlSyntaxException("invalid Unicode escape", position);
    }
}
