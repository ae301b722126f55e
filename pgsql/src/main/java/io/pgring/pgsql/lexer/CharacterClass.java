package io.pgring.pgsql.lexer;

/**
 * What a byte may begin, by scan.l. Bytes above 0x7F are letters, whatever they are; but not 0xF8 to 0xFF, which occur in no
 * UTF-8 text and serve as markers in keys.
 */
final class CharacterClass {
    static final byte INVALID = 0;
    static final byte SPACE = 1;
    /** A letter or underscore that begins nothing but an identifier. */
    static final byte LETTER = 2;
    /** B, E, N, U, X in either case: an identifier, or the prefix of a literal. */
    static final byte PREFIX = 3;

    static final byte DIGIT = 4;
    static final byte OPERATOR = 5;
    /** {@code -} and {@code /}: an operator or a comment. */
    static final byte COMMENT_OR_OPERATOR = 6;

    static final byte QUOTE = 7;
    static final byte DOUBLE_QUOTE = 8;
    static final byte DOLLAR = 9;
    static final byte DOT = 10;
    static final byte COLON = 11;
    static final byte PUNCTUATION = 12;

    private static final byte[] CLASSES = classes();
    private static final boolean[] IDENTIFIER_PARTS = identifierParts();

    private static final byte[] FOLDED = folded();

    private CharacterClass() {}

    static byte of(byte character) {
        return CLASSES[character & 0xFF];
    }

    /** The byte in lower case if it may stand in an unquoted identifier, 0 if not. */
    static byte fold(byte character) {
        return FOLDED[character & 0xFF];
    }

    /** Whether the byte may stand in an identifier after its first. */
    static boolean isIdentifierPart(byte character) {
        return IDENTIFIER_PARTS[character & 0xFF];
    }

    static boolean isIdentifierStart(byte character) {
        byte classOf = of(character);
        return classOf == LETTER || classOf == PREFIX;
    }

    static boolean isSpace(byte character) {
        return of(character) == SPACE;
    }

    static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    static boolean isOperator(byte character) {
        byte classOf = of(character);
        return classOf == OPERATOR || classOf == COMMENT_OR_OPERATOR;
    }

    static boolean isNewline(byte character) {
        return character == '\n' || character == '\r';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexDigit(byte character) {
        return Character.digit(character, 16);
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        set(classes, " \t\n\r\f\u000b", SPACE);
        for (int letter = 'a'; letter <= 'z'; letter++) {
            classes[letter] = LETTER;
            classes[letter - 'a' + 'A'] = LETTER;
        }
        for (int high = 0x80; high < 0xF8; high++) {
            classes[high] = LETTER;
        }
        set(classes, "_", LETTER);
        set(classes, "bBeEnNuUxX", PREFIX);
        set(classes, "0123456789", DIGIT);
        set(classes, "~!@#^&|`?+*%<>=", OPERATOR);
        set(classes, "-/", COMMENT_OR_OPERATOR);
        set(classes, "'", QUOTE);
        set(classes, "\"", DOUBLE_QUOTE);
        set(classes, "$", DOLLAR);
        set(classes, ".", DOT);
        set(classes, ":", COLON);
        set(classes, "()[],;", PUNCTUATION);
        return classes;
    }

    private static boolean[] identifierParts() {
        boolean[] parts = new boolean[256];
        for (int character = 0; character < 256; character++) {
            byte classOf = CLASSES[character];
            parts[character] = classOf == LETTER || classOf == PREFIX || classOf == DIGIT || classOf == DOLLAR;
        }
        return parts;
    }

    private static byte[] folded() {
        byte[] folded = new byte[256];
        for (int character = 0; character < 256; character++) {
            if (IDENTIFIER_PARTS[character]) {
                boolean upper = character >= 'A' && character <= 'Z';
                folded[character] = (byte) (upper ? character | 0x20 : character);
            }
        }
        return folded;
    }

    private static void set(byte[] classes, String characters, byte classOf) {
        for (int i = 0; i < characters.length(); i++) {
            classes[characters.charAt(i)] = classOf;
        }
    }
}
