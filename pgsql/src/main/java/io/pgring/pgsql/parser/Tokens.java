package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.TokenKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** All tokens of a text, by index. Immutable once made. */
final class Tokens {
    private static final int INITIAL_TOKENS = 32;

    private final byte[] text;
    private TokenKind[] kinds = new TokenKind[INITIAL_TOKENS];
    private int[] starts = new int[INITIAL_TOKENS];
    private int[] ends = new int[INITIAL_TOKENS];
    private String[] words = new String[INITIAL_TOKENS];
    private int count;

    private Tokens(byte[] text) {
        this.text = text;
    }

    static Tokens of(byte[] text, int from, int to) {
        Tokens tokens = new Tokens(text);
        Lexer lexer = new Lexer();
        lexer.reset(text, from, to);
        for (TokenKind kind = lexer.next(); kind != TokenKind.END; kind = lexer.next()) {
            tokens.add(kind, lexer.start(), lexer.end());
        }
        return tokens;
    }

    private void add(TokenKind kind, int start, int end) {
        if (count == kinds.length) {
            kinds = Arrays.copyOf(kinds, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            words = Arrays.copyOf(words, count * 2);
        }
        kinds[count] = kind;
        starts[count] = start;
        ends[count] = end;
        words[count] = kind == TokenKind.IDENTIFIER ? Identifiers.decode(text, start, end) : "";
        count++;
    }

    int count() {
        return count;
    }

    byte[] text() {
        return text;
    }

    TokenKind kind(int index) {
        return kinds[index];
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    /** The unquoted word in lower case; empty for every other token. */
    String word(int index) {
        return words[index];
    }

    /** Whether the token is an operator of exactly these characters. */
    boolean isOperator(int index, String symbol) {
        if (kinds[index] != TokenKind.OPERATOR || ends[index] - starts[index] != symbol.length()) {
            return false;
        }
        for (int i = 0; i < symbol.length(); i++) {
            if (text[starts[index] + i] != symbol.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The characters of an ASCII token. */
    String ascii(int index) {
        return new String(text, starts[index], ends[index] - starts[index], StandardCharsets.UTF_8);
    }
}
