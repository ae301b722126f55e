package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;

/** A place among the tokens of one statement, with the small steps that every rule of the grammar is made of. */
final class Cursor {
    /**
     * Levels of nesting. A parenthesis or a prefix operator is one level; a call, a row, CASE or CAST two; a query five: about as
     * they need stack. PostgreSQL allows more; its own limit is the size of its stack.
     */
    static final int DEPTH_MAX = 256;

    private final Tokens tokens;
    private final int from;
    private final int to;
    private final Parentheses parentheses;
    private int position;
    private int depth;

    /** Over the tokens {@code [from, to)}. */
    Cursor(Tokens tokens, int from, int to) {
        this.tokens = tokens;
        this.from = from;
        this.to = to;
        this.position = from;
        this.parentheses = new Parentheses(tokens, from, to);
    }

    byte[] text() {
        return tokens.text();
    }

    /** Index of the current token. */
    int position() {
        return position;
    }

    /** Goes back, or forth, to a token. */
    void moveTo(int index) {
        position = index;
    }

    /** Goes back to a token outside of all that was entered since. */
    void restart(int index) {
        position = index;
        depth = 0;
    }

    void moveToEnd() {
        position = to;
    }

    TokenKind kind() {
        return kindAt(position);
    }

    TokenKind kind(int ahead) {
        return kindAt(position + ahead);
    }

    private TokenKind kindAt(int index) {
        return index < to ? tokens.kind(index) : TokenKind.END;
    }

    /** The current token as an unquoted word in lower case; empty if it is something else. */
    String word() {
        return word(0);
    }

    String word(int ahead) {
        int index = position + ahead;
        return index < to ? tokens.word(index) : "";
    }

    boolean is(String word) {
        return word().equals(word);
    }

    boolean is(int ahead, String word) {
        return word(ahead).equals(word);
    }

    boolean is(TokenKind kind) {
        return kind() == kind;
    }

    boolean is(int ahead, TokenKind kind) {
        return kind(ahead) == kind;
    }

    boolean isAny(String... words) {
        String word = word();
        if (!word.isEmpty()) {
            for (String candidate : words) {
                if (candidate.equals(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isOperator(String symbol) {
        return position < to && tokens.isOperator(position, symbol);
    }

    boolean isString() {
        TokenKind kind = kind();
        return kind == TokenKind.STRING || kind == TokenKind.STRING_ESCAPED;
    }

    boolean atEnd() {
        return position >= to;
    }

    void next() {
        position++;
    }

    boolean accept(String word) {
        if (is(word)) {
            position++;
            return true;
        }
        return false;
    }

    /** Two words in a row, both or none. */
    boolean accept(String first, String second) {
        if (is(first) && is(1, second)) {
            position += 2;
            return true;
        }
        return false;
    }

    boolean accept(TokenKind kind) {
        if (is(kind)) {
            position++;
            return true;
        }
        return false;
    }

    boolean acceptOperator(String symbol) {
        if (isOperator(symbol)) {
            position++;
            return true;
        }
        return false;
    }

    void expect(String word) {
        if (!accept(word)) {
            throw unexpected();
        }
    }

    void expect(TokenKind kind) {
        if (!accept(kind)) {
            throw unexpected();
        }
    }

    void expectOperator(String symbol) {
        if (!acceptOperator(symbol)) {
            throw unexpected();
        }
    }

    /** Byte offset of the current token, or of the end of the statement. */
    int start() {
        return startOf(position);
    }

    /** Byte offset of a token. */
    int startOf(int index) {
        if (index < to) {
            return tokens.start(index);
        }
        return to > from ? tokens.end(to - 1) : 0;
    }

    /** Byte offset after the token before the current one. */
    int end() {
        return position > from ? tokens.end(position - 1) : start();
    }

    /** Byte offset after the current token, or of the end of the statement. */
    int currentEnd() {
        return position < to ? tokens.end(position) : start();
    }

    /** The characters of the current token; none at the end of the statement. */
    String symbol() {
        return position < to ? tokens.ascii(position) : "";
    }

    /** Whether the parenthesis {@code ahead} tokens from here opens a query. */
    boolean opensQuery(int ahead) {
        return is(ahead, TokenKind.LEFT_PARENTHESIS) && parentheses.opensQuery(position + ahead);
    }

    /** Goes behind the parenthesis that closes the current one. */
    void skipParentheses() {
        if (!is(TokenKind.LEFT_PARENTHESIS)) {
            throw unexpected();
        }
        int close = parentheses.closeOf(position);
        if (close < 0) {
            throw unexpected();
        }
        position = close + 1;
    }

    void enter() {
        enter(1);
    }

    /** Goes some levels down; to be followed by {@link #leave(int)} of the same levels. */
    void enter(int levels) {
        depth += levels;
        if (depth > DEPTH_MAX) {
            throw new ParseFailure("the statement is nested more than " + DEPTH_MAX + " levels deep", start());
        }
    }

    void leave() {
        leave(1);
    }

    void leave(int levels) {
        depth -= levels;
    }

    ParseFailure unexpected() {
        String reason = position < to
                ? "syntax not understood at or near \"" + excerpt() + "\""
                : "syntax not understood at end of statement";
        return new ParseFailure(reason, start());
    }

    /** The current token, unless it may hold a value of the user. */
    private String excerpt() {
        return switch (kind()) {
            case STRING, STRING_ESCAPED, NATIONAL_STRING, BIT_STRING, INTEGER, NUMERIC -> "literal";
            default -> symbol();
        };
    }
}
