package io.pgring.hashring;

import java.util.Random;

/** Random texts that PostgreSQL can store: no NUL, no unpaired surrogate, code points of 1 to 4 bytes. */
final class RandomText {

    private static final int[] PLANES_END = {0x80, 0x800, 0x10000, 0x110000};

    private RandomText() {}

    /** Up to the given number of code points. */
    static String of(Random random, int codePointsMax) {
        int codePoints = random.nextInt(codePointsMax + 1);
        int bytesMax = 1 + random.nextInt(4);
        StringBuilder text = new StringBuilder();
        while (text.codePointCount(0, text.length()) < codePoints) {
            int codePoint = 1 + random.nextInt(PLANES_END[random.nextInt(bytesMax)] - 1);
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                text.appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }
}
