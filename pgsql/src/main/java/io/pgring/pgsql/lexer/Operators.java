package io.pgring.pgsql.lexer;

/** Where an operator ends. */
final class Operators {
    private Operators() {}

    /**
     * The offset after the operator at {@code from}: the longest run of operator characters, up to a comment, and without
     * trailing + and - unless it holds one of {@code ~ ! @ # ^ & | ` ? %}, so that {@code a=-1} has two operators.
     */
    static int end(byte[] text, int from, int limit) {
        int end = from + 1;
        boolean special = isSpecial(text[from]);
        while (end < limit && CharacterClass.isOperator(text[end])) {
            if (end + 1 < limit && isComment(text[end], text[end + 1])) {
                break;
            }
            special |= isSpecial(text[end]);
            end++;
        }
        if (!special) {
            while (end - from > 1 && (text[end - 1] == '+' || text[end - 1] == '-')) {
                end--;
            }
        }
        return end;
    }

    private static boolean isComment(byte first, byte second) {
        return (first == '-' && second == '-') || (first == '/' && second == '*');
    }

    private static boolean isSpecial(byte character) {
        return switch (character) {
            case '~', '!', '@', '#', '^', '&', '|', '`', '?', '%' -> true;
            default -> false;
        };
    }
}
