package io.pgring.pgsql.lexer;

/** Comments of both kinds. */
final class Comments {
    private Comments() {}

    /** The offset after the comment that begins at {@code from}, or {@code from} if none does. */
    static int skip(byte[] text, int from, int limit) {
        if (from + 1 >= limit) {
            return from;
        }
        if (text[from] == '-' && text[from + 1] == '-') {
            return skipLine(text, from + 2, limit);
        }
        if (text[from] == '/' && text[from + 1] == '*') {
            return skipBlock(text, from, limit);
        }
        return from;
    }

    /** The offset of the next newline, or the limit. */
    static int skipLine(byte[] text, int from, int limit) {
        int position = from;
        while (position < limit && !CharacterClass.isNewline(text[position])) {
            position++;
        }
        return position;
    }

    /** Block comments nest. */
    private static int skipBlock(byte[] text, int from, int limit) {
        int depth = 1;
        int position = from + 2;
        while (position + 1 < limit) {
            byte first = text[position];
            byte second = text[position + 1];
            if (first == '*' && second == '/') {
                position += 2;
                if (--depth == 0) {
                    return position;
                }
            } else if (first == '/' && second == '*') {
                depth++;
                position += 2;
            } else {
                position++;
            }
        }
        throw new SqlSyntaxException("unterminated /* comment", from);
    }
}
