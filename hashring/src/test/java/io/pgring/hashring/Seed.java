package io.pgring.hashring;

import java.util.Random;

/** Random numbers of a test whose seed is printed, so that a failure can be run again with {@code -Dpgring.seed=...}. */
final class Seed {

    private Seed() {}

    static Random random(String test) {
        long seed = Long.getLong("pgring.seed", System.nanoTime());
        System.out.println(test + ": -Dpgring.seed=" + seed);
        return new Random(seed);
    }
}
