package io.pgring.pgsql.spread;

import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.TokenKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Where the tokens of a text stand, by index. */
final class TokenTable {
    private static final int INITIAL_TOKENS = 64;

    private final byte[] text;
    private TokenKind[] kinds = new TokenKind[INITIAL_TOKENS];
    private int[] starts = new int[INITIAL_TOKENS];
    private int[] ends = new int[INITIAL_TOKENS];
    private int count;

    private TokenTable(byte[] text) {
        this.text = text;
    }

    /** Borrows the text for as long as the table is used. */
    static TokenTable of(byte[] text, int from, int to) {
        TokenTable table = new TokenTable(text);
        Lexer lexer = new Lexer();
        lexer.reset(text, from, to);
        for (TokenKind kind = lexer.next(); kind != TokenKind.END; kind = lexer.next()) {
            table.add(kind, lexer.start(), lexer.end());
        }
        table.resize(table.count);
        return table;
    }

    private void add(TokenKind kind, int start, int end) {
        if (count == kinds.length) {
            resize(count * 2);
        }
        kinds[count] = kind;
        starts[count] = start;
        ends[count] = end;
        count++;
    }

    /** At the end to just as many as there are, so that an index beyond them is an error. */
    private void resize(int size) {
        kinds = Arrays.copyOf(kinds, size);
        starts = Arrays.copyOf(starts, size);
        ends = Arrays.copyOf(ends, size);
    }

    byte[] text() {
        return text;
    }

    int count() {
        return count;
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

    /** Index of the first token that begins at a byte offset or behind it; the count if there is none. */
    int at(int offset) {
        int found = Arrays.binarySearch(starts, 0, count, offset);
        return found >= 0 ? found : -found - 1;
    }

    /** The token as it is written, in lower case; the empty string behind the last one. */
    String word(int index) {
        return index < count
                ? new String(text, starts[index], ends[index] - starts[index], StandardCharsets.UTF_8)
                        .toLowerCase(Locale.ROOT)
                : "";
    }
}
