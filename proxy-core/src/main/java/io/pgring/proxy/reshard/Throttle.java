package io.pgring.proxy.reshard;

import java.util.concurrent.TimeUnit;

/** Makes a mover rest, so that clients have the shards for themselves for a part of the time. */
final class Throttle {
    private static final long REST_MILLIS_MAX = 10_000;

    private final MoverSettings settings;

    Throttle(MoverSettings settings) {
        this.settings = settings;
    }

    /** Rests after a step that has begun at a time of {@link System#nanoTime} and moved so many rows. */
    void rest(long beganNanos, long rows) throws InterruptedException {
        long millis = restMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos), rows);
        if (millis > 0) {
            Thread.sleep(millis);
        }
    }

    /** How long to rest after a step. */
    long restMillis(long workedMillis, long rows) {
        double byShare = workedMillis * (1 - settings.busyShareMax()) / settings.busyShareMax();
        double byRate =
                settings.rowsPerSecondMax() == 0 ? 0 : 1000.0 * rows / settings.rowsPerSecondMax() - workedMillis;
        return Math.min(REST_MILLIS_MAX, Math.round(Math.max(byShare, byRate)));
    }
}
