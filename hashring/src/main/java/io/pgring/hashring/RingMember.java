package io.pgring.hashring;

import java.util.regex.Pattern;

/**
 * A shard as the ring knows it.
 *
 * @param name decides where the virtual nodes lie, so it must never change: 1 to 63 characters (what PostgreSQL allows an
 *     identifier), ASCII letters, digits, {@code _}, {@code -} and {@code .}, beginning with a letter or digit
 * @param weight share of the ring relative to other members, 1 to {@value #WEIGHT_MAX}: a member of weight 2 gets twice as
 *     many virtual nodes, and so about twice the keys, of one of weight 1
 */
public record RingMember(String name, int weight) {

    /** Largest weight of a member. */
    public static final int WEIGHT_MAX = 100;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

    /**
     * Checks both components.
     *
     * @throws IllegalArgumentException if either is out of bounds
     */
    public RingMember {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "shard name \"" + name
                            + "\" must have 1 to 63 of A-Z, a-z, 0-9, \"_\", \"-\" and \".\", beginning with a letter or digit");
        }
        if (weight < 1 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException(
                    "weight of shard \"" + name + "\" must be between 1 and " + WEIGHT_MAX + ", not " + weight);
        }
    }

    /** A member of weight 1. */
    public static RingMember of(String name) {
        return new RingMember(name, 1);
    }
}
