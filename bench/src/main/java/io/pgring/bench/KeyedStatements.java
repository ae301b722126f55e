package io.pgring.bench;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Texts of one statement with different keys, taken in turn: all of them fit one plan, while neither the processor nor the
 * compiler can learn the key or the shard.
 *
 * <p>Not thread-safe.
 */
final class KeyedStatements {
    /** Length of every text. */
    static final int BYTES = 57;

    /** A power of two; together they stay in the processor's cache. */
    private static final int COUNT = 256;

    private static final int KEY_MIN = 1_000_000;
    private static final int KEY_BOUND = 10_000_000;
    private static final long SEED = 57;

    private final byte[][] texts = new byte[COUNT][];
    private final byte[][] keys = new byte[COUNT][];
    private int at;

    KeyedStatements() {
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT; i++) {
            String key = "user_" + random.nextInt(KEY_MIN, KEY_BOUND);
            keys[i] = key.getBytes(StandardCharsets.UTF_8);
            texts[i] = ("SELECT value FROM kv WHERE key = '" + key + "' AND 1 = 1").getBytes(StandardCharsets.UTF_8);
            if (texts[i].length != BYTES) {
                throw new AssertionError("a statement of " + texts[i].length + " bytes");
            }
        }
    }

    /** The next text. */
    byte[] next() {
        return texts[at++ & (COUNT - 1)];
    }

    /** The next key, as the bytes of a text parameter. */
    byte[] nextKey() {
        return keys[at++ & (COUNT - 1)];
    }
}
