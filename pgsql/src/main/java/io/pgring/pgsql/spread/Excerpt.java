package io.pgring.pgsql.spread;

import io.pgring.pgsql.lexer.TokenTable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A text made of pieces of another one, in any order, and of words between them. One excerpt fits all texts with the same tokens. */
public record Excerpt(List<Piece> pieces) implements Rewriting {
    public Excerpt {
        pieces = List.copyOf(pieces);
    }

    /** A part of the excerpt. */
    public sealed interface Piece {
        /** The tokens {@code [from, to)} of the other text, with what stands between them. */
        record Tokens(int from, int to) implements Piece {
            public Tokens {
                if (from < 0 || to <= from) {
                    throw new IllegalArgumentException("a piece is at least one token");
                }
            }
        }

        /** Words that are not in the other text. */
        record Words(String sql) implements Piece {}
    }

    @Override
    public byte[] of(byte[] text) {
        TokenTable tokens = TokenTable.of(text, 0, text.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Tokens some) {
                int start = tokens.start(some.from());
                out.write(text, start, tokens.end(some.to() - 1) - start);
            } else if (piece instanceof Piece.Words words) {
                out.writeBytes(words.sql().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    /** A place in other words is that of the piece before. */
    @Override
    public int originalPosition(byte[] text, int position) {
        TokenTable tokens = TokenTable.of(text, 0, text.length);
        int left = position - 1;
        int original = 1;
        for (Piece piece : pieces) {
            int length;
            if (piece instanceof Piece.Tokens some) {
                int start = tokens.start(some.from());
                original = 1 + Splicer.characters(text, 0, start);
                length = Splicer.characters(text, start, tokens.end(some.to() - 1));
                if (left < length) {
                    return original + left;
                }
            } else {
                String sql = ((Piece.Words) piece).sql();
                length = sql.codePointCount(0, sql.length());
                if (left < length) {
                    return original;
                }
            }
            left -= length;
        }
        return original;
    }
}
