package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which parenthesis closes which, and whether one opens a query; found once per statement, when first asked for. */
final class Parentheses {
    private final Tokens tokens;
    private final int from;
    private final int to;
    private int @Nullable [] closes;

    Parentheses(Tokens tokens, int from, int to) {
        this.tokens = tokens;
        this.from = from;
        this.to = to;
    }

    /** Index of the token that closes the parenthesis at an index, or -1. */
    int closeOf(int open) {
        int[] known = closes;
        if (known == null) {
            known = match();
            closes = known;
        }
        return known[open - from];
    }

    /**
     * Whether the parenthesis at an index opens a query: {@code (SELECT ..)}, {@code ((SELECT ..) UNION ..)}, but not
     * {@code ((SELECT 1) + 2)} nor {@code ((SELECT 1) AS a JOIN b)}.
     */
    boolean opensQuery(int open) {
        int innermost = open;
        while (innermost < to && tokens.kind(innermost) == TokenKind.LEFT_PARENTHESIS) {
            innermost++;
        }
        if (innermost >= to || !beginsQuery(innermost)) {
            return false;
        }
        for (int inner = innermost - 1; inner > open; inner--) {
            int close = closeOf(inner);
            if (close < 0 || close + 1 >= to || !continuesQuery(close + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean beginsQuery(int index) {
        return switch (tokens.word(index)) {
            case "select", "with", "table" -> true;
            case "values" -> index + 1 < to && tokens.kind(index + 1) == TokenKind.LEFT_PARENTHESIS;
            default -> false;
        };
    }

    private boolean continuesQuery(int index) {
        return switch (tokens.word(index)) {
            case "union", "intersect", "except", "order", "limit", "offset", "fetch", "for" -> true;
            default -> tokens.kind(index) == TokenKind.RIGHT_PARENTHESIS;
        };
    }

    private int[] match() {
        int[] matches = new int[to - from];
        Arrays.fill(matches, -1);
        int[] open = new int[to - from];
        int depth = 0;
        for (int index = from; index < to; index++) {
            if (tokens.kind(index) == TokenKind.LEFT_PARENTHESIS) {
                open[depth++] = index;
            } else if (tokens.kind(index) == TokenKind.RIGHT_PARENTHESIS && depth > 0) {
                matches[open[--depth] - from] = index;
            }
        }
        return matches;
    }
}
