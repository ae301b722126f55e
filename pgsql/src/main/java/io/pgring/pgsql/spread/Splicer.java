package io.pgring.pgsql.spread;

import io.pgring.pgsql.lexer.TokenTable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Applies splices to texts. The texts of one plan have the same tokens but for the values of literals. */
public final class Splicer {
    private Splicer() {}

    /**
     * The spliced text.
     *
     * @param splices sorted, not overlapping; those that insert at one place come in the order of the list
     * @throws io.pgring.pgsql.lexer.SqlSyntaxException if the text has no tokens by PostgreSQL's lexical rules
     * @throws IndexOutOfBoundsException if a splice names a token that the text doesn't have
     */
    public static byte[] apply(byte[] text, int from, int to, List<Splice> splices) {
        TokenTable tokens = TokenTable.of(text, from, to);
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + 64);
        int position = from;
        for (Splice splice : splices) {
            int start = start(splice, tokens, from);
            out.write(text, position, start - position);
            out.writeBytes(splice.replacement().getBytes(StandardCharsets.UTF_8));
            position = end(splice, tokens, start);
        }
        out.write(text, position, to - position);
        return out.toByteArray();
    }

    /**
     * Where a place of the spliced text is in the text, for the position field of an ErrorResponse. A place inside of a replacement is
     * that of what was replaced. Both count characters from 1.
     */
    public static int originalPosition(byte[] text, int from, int to, List<Splice> splices, int position) {
        TokenTable tokens = TokenTable.of(text, from, to);
        int original = 1;
        int left = position - 1;
        int offset = from;
        for (Splice splice : splices) {
            int start = start(splice, tokens, from);
            int kept = characters(text, offset, start);
            if (left < kept) {
                return original + left;
            }
            left -= kept;
            original += kept;
            int replaced =
                    splice.replacement().codePointCount(0, splice.replacement().length());
            if (left < replaced) {
                return original;
            }
            left -= replaced;
            offset = end(splice, tokens, start);
            original += characters(text, start, offset);
        }
        return original + left;
    }

    /** The index of the first token that begins at a byte offset of the text or behind it. */
    public static int tokenAt(byte[] text, int from, int to, int offset) {
        return TokenTable.of(text, from, to).at(offset);
    }

    /** The byte offset at which a token of the text begins. */
    public static int offsetOf(byte[] text, int from, int to, int token) {
        return TokenTable.of(text, from, to).start(token);
    }

    private static int start(Splice splice, TokenTable tokens, int from) {
        int token = splice.fromToken();
        if (splice.toToken() > token) {
            return tokens.start(token);
        }
        return token == 0 ? from : tokens.end(token - 1);
    }

    private static int end(Splice splice, TokenTable tokens, int start) {
        return splice.toToken() > splice.fromToken() ? tokens.end(splice.toToken() - 1) : start;
    }

    /** Characters of UTF-8: bytes that don't continue one. */
    static int characters(byte[] text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if ((text[i] & 0xC0) != 0x80) {
                count++;
            }
        }
        return count;
    }
}
