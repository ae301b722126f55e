package io.pgring.pgsql.lexer;

import java.util.Arrays;

/** Finds the ends of quoted things. */
final class StringScanner {
    private StringScanner() {}

    /**
     * A literal in standard quotes, with doubled quotes and continuation.
     *
     * @param start of the token, for errors
     * @param from after the opening quote
     * @return the offset after it; negated unless it is one run of bytes without a doubled quote
     */
    static int standard(byte[] text, int start, int from, int limit) {
        boolean plain = true;
        int position = from;
        while (true) {
            position = find(text, position, limit, (byte) '\'');
            if (position >= limit) {
                throw new SqlSyntaxException("unterminated quoted string", start);
            }
            position++;
            if (position < limit) {
                if (text[position] == '\'') {
                    plain = false;
                    position++;
                    continue;
                }
                int continued = continuation(text, position, limit);
                if (continued >= 0) {
                    plain = false;
                    position = continued;
                    continue;
                }
            }
            return plain ? position : -position;
        }
    }

    /** The rest of {@code E'...'}: a backslash takes the next byte with it. */
    static int escaped(byte[] text, int start, int from, int limit) {
        int position = from;
        while (position < limit) {
            byte character = text[position];
            if (character == '\\') {
                position += 2;
            } else if (character == '\'') {
                position++;
                if (position < limit && text[position] == '\'') {
                    position++;
                    continue;
                }
                int continued = position < limit ? continuation(text, position, limit) : -1;
                if (continued < 0) {
                    return position;
                }
                position = continued;
            } else {
                position++;
            }
        }
        throw new SqlSyntaxException("unterminated quoted string", start);
    }

    /** The rest of {@code B'...'} or {@code X'...'}: no doubled quotes. */
    static int bits(byte[] text, int start, int from, int limit) {
        int position = from;
        while (true) {
            position = find(text, position, limit, (byte) '\'');
            if (position >= limit) {
                throw new SqlSyntaxException("unterminated bit string literal", start);
            }
            position++;
            int continued = position < limit ? continuation(text, position, limit) : -1;
            if (continued < 0) {
                return position;
            }
            position = continued;
        }
    }

    /** The rest of {@code "..."}. */
    static int quotedIdentifier(byte[] text, int start, int from, int limit) {
        int position = from;
        while (true) {
            position = find(text, position, limit, (byte) '"');
            if (position >= limit) {
                throw new SqlSyntaxException("unterminated quoted identifier", start);
            }
            position++;
            if (position < limit && text[position] == '"') {
                position++;
                continue;
            }
            if (position == from + 1) {
                throw new SqlSyntaxException("zero-length delimited identifier", start);
            }
            return position;
        }
    }

    /** {@code $tag$...$tag$} at {@code from}. */
    static int dollarQuoted(byte[] text, int from, int limit) {
        int tagEnd = dollarTagEnd(text, from, limit);
        int tagLength = tagEnd - from;
        int position = tagEnd;
        while (true) {
            position = find(text, position, limit, (byte) '$');
            if (position + tagLength > limit) {
                throw new SqlSyntaxException("unterminated dollar-quoted string", from);
            }
            if (Arrays.equals(text, position, position + tagLength, text, from, tagEnd)) {
                return position + tagLength;
            }
            position++;
        }
    }

    /** The offset after the opening {@code $tag$}. */
    static int dollarTagEnd(byte[] text, int from, int limit) {
        int position = from + 1;
        if (position < limit && CharacterClass.isIdentifierStart(text[position])) {
            while (position < limit && text[position] != '$' && CharacterClass.isIdentifierPart(text[position])) {
                position++;
            }
        }
        if (position >= limit || text[position] != '$') {
            throw new SqlSyntaxException("syntax error at or near \"$\"", from);
        }
        return position + 1;
    }

    /**
     * PostgreSQL joins literals that are separated by whitespace with a newline in it.
     *
     * @param from after the closing quote
     * @return the offset after the opening quote of the next piece, or -1 if there is none
     */
    static int continuation(byte[] text, int from, int limit) {
        boolean newline = false;
        int position = from;
        while (position < limit) {
            byte character = text[position];
            if (CharacterClass.isSpace(character)) {
                newline |= CharacterClass.isNewline(character);
                position++;
            } else if (character == '-' && position + 1 < limit && text[position + 1] == '-') {
                position = Comments.skipLine(text, position + 2, limit);
            } else {
                return newline && character == '\'' ? position + 1 : -1;
            }
        }
        return -1;
    }

    /** The offset after {@code UESCAPE 'c'} if that follows, else {@code from}. */
    static int unicodeEscapeClause(byte[] text, int from, int limit) {
        int position = skipBlanks(text, from, limit);
        int word = position;
        while (position < limit && CharacterClass.isIdentifierPart(text[position])) {
            position++;
        }
        if (!equalsIgnoreCase(text, word, position, "uescape")) {
            return from;
        }
        int quote = skipBlanks(text, position, limit);
        if (quote + 2 >= limit || text[quote] != '\'' || text[quote + 2] != '\'' || text[quote + 1] == '\'') {
            throw new SqlSyntaxException("UESCAPE must be followed by a simple string literal", quote);
        }
        return Math.abs(standard(text, quote, quote + 1, limit));
    }

    private static int skipBlanks(byte[] text, int from, int limit) {
        int position = from;
        while (position < limit) {
            int after = CharacterClass.isSpace(text[position]) ? position + 1 : Comments.skip(text, position, limit);
            if (after == position) {
                break;
            }
            position = after;
        }
        return position;
    }

    private static boolean equalsIgnoreCase(byte[] text, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((text[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int find(byte[] text, int from, int limit, byte wanted) {
        int position = from;
        while (position < limit && text[position] != wanted) {
            position++;
        }
        return position;
    }
}
