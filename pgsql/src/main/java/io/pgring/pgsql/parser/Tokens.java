package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.lexer.TokenTable;
import java.nio.charset.StandardCharsets;

/** All tokens of a text with their words, by index. Immutable once made. */
final class Tokens {
    private final byte[] text;
    private final TokenTable table;
    private final String[] words;

    private Tokens(TokenTable table) {
        this.text = table.text();
        this.table = table;
        this.words = new String[table.count()];
        for (int index = 0; index < words.length; index++) {
            boolean word = table.kind(index) == TokenKind.IDENTIFIER;
            words[index] = word ? Identifiers.decode(text, table.start(index), table.end(index)) : "";
        }
    }

    static Tokens of(byte[] text, int from, int to) {
        return new Tokens(TokenTable.of(text, from, to));
    }

    int count() {
        return words.length;
    }

    byte[] text() {
        return text;
    }

    TokenKind kind(int index) {
        return table.kind(index);
    }

    int start(int index) {
        return table.start(index);
    }

    int end(int index) {
        return table.end(index);
    }

    /** The unquoted word in lower case; empty for every other token. */
    String word(int index) {
        return words[index];
    }

    /** Whether the token is an operator of exactly these characters. */
    boolean isOperator(int index, String symbol) {
        int start = table.start(index);
        if (table.kind(index) != TokenKind.OPERATOR || table.end(index) - start != symbol.length()) {
            return false;
        }
        for (int i = 0; i < symbol.length(); i++) {
            if (text[start + i] != symbol.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The characters of an ASCII token. */
    String ascii(int index) {
        return new String(text, table.start(index), table.end(index) - table.start(index), StandardCharsets.UTF_8);
    }
}
