package io.pgring.hashring;

/**
 * A range of tokens that one member of a {@link Ring} owns.
 *
 * @param from first token, 0 to 2<sup>32</sup>-1
 * @param to the token after the last, {@code from} + 1 to 2<sup>32</sup>
 * @param member index of the owner in {@link Ring#members}
 */
public record Arc(long from, long to, int member) implements TokenRange {

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if the range is empty or leaves the ring
     */
    public Arc {
        Token.checkRange(from, to);
    }
}
