package io.pgring.pgsql.lexer;

/**
 * Cuts a text into tokens by the rules of PostgreSQL's scan.l, with {@code standard_conforming_strings = on}. Comments and
 * whitespace lie between tokens. Reusable by {@link #reset}; one thread at a time; allocates nothing but exceptions.
 *
 * <pre>
 * lexer.reset(text, 0, text.length);
 * while (lexer.next() != TokenKind.END) { ... lexer.start() ... lexer.end() ... }
 * </pre>
 */
public final class Lexer {
    private static final byte[] NO_TEXT = {};
    private static final int PARAMETER_MAX = 65535;

    private byte[] text = NO_TEXT;
    private int limit;
    private int start;
    private int end;

    /** Starts over on {@code text[from, to)}; borrows the array until the next call. */
    public void reset(byte[] text, int from, int to) {
        this.text = text;
        this.limit = to;
        this.start = from;
        this.end = from;
    }

    /** Byte offset of the current token. */
    public int start() {
        return start;
    }

    /** Byte offset after the current token. */
    public int end() {
        return end;
    }

    /**
     * Moves to the next token and tells its kind.
     *
     * @throws SqlSyntaxException at anything unterminated or invalid
     */
    public TokenKind next() {
        int position = skipBlanks(end);
        start = position;
        if (position >= limit) {
            end = position;
            return TokenKind.END;
        }
        byte character = text[position];
        return switch (CharacterClass.of(character)) {
            case CharacterClass.LETTER -> identifier(position + 1);
            case CharacterClass.PREFIX -> prefixed(character, position);
            case CharacterClass.DIGIT -> number(position);
            case CharacterClass.OPERATOR, CharacterClass.COMMENT_OR_OPERATOR -> operator(position);
            case CharacterClass.QUOTE -> finish(StringScanner.standard(text, position, position + 1, limit));
            case CharacterClass.DOUBLE_QUOTE -> {
                end = StringScanner.quotedIdentifier(text, position, position + 1, limit);
                yield TokenKind.QUOTED_IDENTIFIER;
            }
            case CharacterClass.DOLLAR -> dollar(position);
            case CharacterClass.DOT -> dot(position);
            case CharacterClass.COLON -> colon(position);
            case CharacterClass.PUNCTUATION -> {
                end = position + 1;
                yield punctuation(character);
            }
            default -> throw invalid(character, position);
        };
    }

    private static SqlSyntaxException invalid(byte character, int position) {
        return character < 0
                ? new SqlSyntaxException(
                        SqlSyntaxException.CHARACTER_NOT_IN_REPERTOIRE,
                        "invalid byte sequence for encoding \"UTF8\"",
                        position)
                : new SqlSyntaxException("syntax error", position);
    }

    private int skipBlanks(int from) {
        int position = from;
        while (position < limit) {
            byte character = text[position];
            if (CharacterClass.isSpace(character)) {
                position++;
            } else if (CharacterClass.of(character) == CharacterClass.COMMENT_OR_OPERATOR) {
                int after = Comments.skip(text, position, limit);
                if (after == position) {
                    return position;
                }
                position = after;
            } else {
                return position;
            }
        }
        return position;
    }

    private TokenKind identifier(int from) {
        int position = from;
        while (position < limit && CharacterClass.isIdentifierPart(text[position])) {
            position++;
        }
        end = position;
        return TokenKind.IDENTIFIER;
    }

    private TokenKind prefixed(byte letter, int position) {
        int next = position + 1;
        if (next < limit && text[next] == '\'') {
            return quoted(letter, position);
        }
        if ((letter == 'u' || letter == 'U') && next + 1 < limit && text[next] == '&') {
            if (text[next + 1] == '\'') {
                finish(StringScanner.standard(text, position, next + 2, limit));
                end = StringScanner.unicodeEscapeClause(text, end, limit);
                return TokenKind.STRING_ESCAPED;
            }
            if (text[next + 1] == '"') {
                end = StringScanner.quotedIdentifier(text, position, next + 2, limit);
                end = StringScanner.unicodeEscapeClause(text, end, limit);
                return TokenKind.QUOTED_IDENTIFIER;
            }
        }
        return identifier(next);
    }

    /** A letter and a quote. */
    private TokenKind quoted(byte letter, int position) {
        return switch (letter) {
            case 'e', 'E' -> {
                end = StringScanner.escaped(text, position, position + 2, limit);
                yield TokenKind.STRING_ESCAPED;
            }
            case 'b', 'B', 'x', 'X' -> {
                end = StringScanner.bits(text, position, position + 2, limit);
                yield TokenKind.BIT_STRING;
            }
            case 'n', 'N' -> {
                finish(StringScanner.standard(text, position, position + 2, limit));
                yield TokenKind.NATIONAL_STRING;
            }
            default -> identifier(position + 1);
        };
    }

    /** Takes the result of {@link StringScanner#standard}: the end, negative if the literal is not plain. */
    private TokenKind finish(int signedEnd) {
        end = Math.abs(signedEnd);
        return signedEnd < 0 ? TokenKind.STRING_ESCAPED : TokenKind.STRING;
    }

    private TokenKind number(int position) {
        int signedEnd = Numbers.scan(text, position, limit);
        end = Math.abs(signedEnd);
        return signedEnd < 0 ? TokenKind.NUMERIC : TokenKind.INTEGER;
    }

    private TokenKind operator(int position) {
        int after = Operators.end(text, position, limit);
        end = after;
        if (after - position == 2 && text[position] == '=' && text[position + 1] == '>') {
            return TokenKind.EQUALS_GREATER;
        }
        return TokenKind.OPERATOR;
    }

    private TokenKind dollar(int position) {
        int next = position + 1;
        if (next < limit && CharacterClass.isDigit(text[next])) {
            while (next < limit && CharacterClass.isDigit(text[next])) {
                next++;
            }
            if (next < limit && CharacterClass.isIdentifierStart(text[next])) {
                throw new SqlSyntaxException("trailing junk after parameter", position);
            }
            end = next;
            parameterNumber();
            return TokenKind.PARAMETER;
        }
        end = StringScanner.dollarQuoted(text, position, limit);
        return TokenKind.STRING_ESCAPED;
    }

    /** The number of the current token, which is a PARAMETER. */
    public int parameterNumber() {
        int number = 0;
        for (int position = start + 1; position < end; position++) {
            number = number * 10 + (text[position] - '0');
            if (number > PARAMETER_MAX) {
                throw new SqlSyntaxException("parameter number too large", start);
            }
        }
        return number;
    }

    private TokenKind dot(int position) {
        if (position + 1 < limit) {
            if (CharacterClass.isDigit(text[position + 1])) {
                return number(position);
            }
            if (text[position + 1] == '.') {
                end = position + 2;
                return TokenKind.DOT_DOT;
            }
        }
        end = position + 1;
        return TokenKind.DOT;
    }

    private TokenKind colon(int position) {
        if (position + 1 < limit) {
            if (text[position + 1] == ':') {
                end = position + 2;
                return TokenKind.TYPECAST;
            }
            if (text[position + 1] == '=') {
                end = position + 2;
                return TokenKind.COLON_EQUALS;
            }
        }
        end = position + 1;
        return TokenKind.COLON;
    }

    private static TokenKind punctuation(byte character) {
        return switch (character) {
            case '(' -> TokenKind.LEFT_PARENTHESIS;
            case ')' -> TokenKind.RIGHT_PARENTHESIS;
            case '[' -> TokenKind.LEFT_BRACKET;
            case ']' -> TokenKind.RIGHT_BRACKET;
            case ',' -> TokenKind.COMMA;
            default -> TokenKind.SEMICOLON;
        };
    }
}
