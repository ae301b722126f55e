package io.pgring.hashring;

/**
 * A range of tokens that changes its owner from one {@link Ring} to the next.
 *
 * @param from first token, 0 to 2<sup>32</sup>-1
 * @param to the token after the last, {@code from} + 1 to 2<sup>32</sup>
 * @param source name of the member that owns it before
 * @param target name of the member that owns it afterwards
 */
public record ArcChange(long from, long to, String source, String target) implements TokenRange {

    /**
     * Checks the bounds and that the owner changes.
     *
     * @throws IllegalArgumentException if the range is empty or leaves the ring, or if source and target are the same
     */
    public ArcChange {
        Token.checkRange(from, to);
        if (source.equals(target)) {
            throw new IllegalArgumentException(
                    "\"" + source + "\" is both source and target of [" + from + "," + to + ")");
        }
    }
}
