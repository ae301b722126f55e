package io.pgring.pgsql.spread;

/**
 * Replaces the tokens {@code [fromToken, toToken)} of a text. Where both are the same, inserts before that token, behind what ends
 * the token before it.
 *
 * @param fromToken index among all tokens of the text, from 0
 * @param replacement with the blanks that it needs around it
 */
public record Splice(int fromToken, int toToken, String replacement) {
    public Splice {
        if (fromToken < 0 || toToken < fromToken) {
            throw new IllegalArgumentException("a splice replaces tokens in the order of the text");
        }
    }
}
