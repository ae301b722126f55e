package io.pgring.pgsql.lexer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Where the tokens of a text stand, by index. Immutable once made. */
public final class TokenTable {
    private static final int INITIAL_TOKENS = 32;

    private final byte[] text;
    private TokenKind[] kinds = new TokenKind[INITIAL_TOKENS];
    private int[] starts = new int[INITIAL_TOKENS];
    private int[] ends = new int[INITIAL_TOKENS];
    private int count;

    private TokenTable(byte[] text) {
        this.text = text;
    }

    /** Borrows the text for as long as the table is used. */
    public static TokenTable of(byte[] text, int from, int to) {
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

    /** The text. */
    public byte[] text() {
        return text;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** What it is. */
    public TokenKind kind(int index) {
        return kinds[index];
    }

    /** Byte offset of its first byte. */
    public int start(int index) {
        return starts[index];
    }

    /** Byte offset behind its last byte. */
    public int end(int index) {
        return ends[index];
    }

    /** Index of the first token that begins at a byte offset or behind it; the count if there is none. */
    public int at(int offset) {
        int found = Arrays.binarySearch(starts, 0, count, offset);
        return found >= 0 ? found : -found - 1;
    }

    /** The token as it is written, in lower case; the empty string behind the last one. */
    public String word(int index) {
        return index < count
                ? new String(text, starts[index], ends[index] - starts[index], StandardCharsets.UTF_8)
                        .toLowerCase(Locale.ROOT)
                : "";
    }
}
