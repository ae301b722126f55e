package io.pgring.pgsql.lexer;

/** Numbers by the rules of PostgreSQL 16 and later; older servers reject the newer notations. */
final class Numbers {
    private Numbers() {}

    /** The offset after the number at {@code from}; negated unless the number is decimal digits alone. */
    static int scan(byte[] text, int from, int limit) {
        int radix = radix(text, from, limit);
        if (radix != 10) {
            int end = digits(text, from + 2, limit, radix, true);
            if (end == from + 2) {
                throw junk(from);
            }
            return -checked(text, from, end, limit);
        }
        boolean plain = true;
        int end = digits(text, from, limit, 10, false);
        for (int i = from; i < end; i++) {
            plain &= text[i] != '_';
        }
        if (end < limit && text[end] == '.' && !(end + 1 < limit && text[end + 1] == '.')) {
            plain = false;
            end = digits(text, end + 1, limit, 10, false);
        }
        if (end < limit && (text[end] == 'e' || text[end] == 'E')) {
            plain = false;
            end = exponent(text, from, end, limit);
        }
        checked(text, from, end, limit);
        return plain ? end : -end;
    }

    private static int radix(byte[] text, int from, int limit) {
        if (text[from] != '0' || from + 1 >= limit) {
            return 10;
        }
        return switch (text[from + 1]) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private static int exponent(byte[] text, int from, int e, int limit) {
        int digits = e + 1;
        if (digits < limit && (text[digits] == '+' || text[digits] == '-')) {
            digits++;
        }
        int end = digits(text, digits, limit, 10, false);
        if (end == digits) {
            throw junk(from);
        }
        return end;
    }

    /** Digits, with single underscores between them ({@code leading}: also before the first). */
    private static int digits(byte[] text, int from, int limit, int radix, boolean leading) {
        int position = from;
        while (position < limit) {
            if (isDigit(text[position], radix)) {
                position++;
            } else if (text[position] == '_'
                    && (leading || position > from)
                    && position + 1 < limit
                    && isDigit(text[position + 1], radix)) {
                position += 2;
            } else {
                break;
            }
        }
        return position;
    }

    private static boolean isDigit(byte character, int radix) {
        return character >= 0 && Character.digit(character, radix) >= 0;
    }

    private static int checked(byte[] text, int from, int end, int limit) {
        if (end < limit && CharacterClass.isIdentifierStart(text[end])) {
            throw junk(from);
        }
        return end;
    }

    private static SqlSyntaxException junk(int position) {
        return new SqlSyntaxException("trailing junk after numeric literal", position);
    }
}
