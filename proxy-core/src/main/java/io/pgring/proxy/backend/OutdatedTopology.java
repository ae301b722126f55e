package io.pgring.proxy.backend;

import java.util.concurrent.TimeUnit;

/**
 * How long a shard has been refusing the connections of a pool because the proxy's topology is too old for it. Usually the next version is on
 * its way and comes within milliseconds; a proxy that can't follow would log in for nothing again and again. So each pause is as long as it
 * has lasted, up to a second.
 */
final class OutdatedTopology {
    private static final long PAUSE_MILLIS_MIN = 20;
    private static final long PAUSE_MILLIS_MAX = 1_000;

    private boolean refused;
    private long version;
    private long sinceNanos;

    /**
     * The shard has refused a connection.
     *
     * @param refusedVersion by which the connection was opened
     * @return how long to wait before the next attempt
     */
    long onRefused(long refusedVersion, long nowNanos) {
        if (!refused || version != refusedVersion) {
            refused = true;
            version = refusedVersion;
            sinceNanos = nowNanos;
        }
        long lasted = TimeUnit.NANOSECONDS.toMillis(nowNanos - sinceNanos);
        return Math.min(Math.max(lasted, PAUSE_MILLIS_MIN), PAUSE_MILLIS_MAX);
    }

    /** The shard has taken a connection. */
    void onAccepted() {
        refused = false;
    }

    /** Whether it was so when the shard was last asked. */
    boolean isRefused() {
        return refused;
    }

    /** Whether it has been so for longer than a time; never if that is 0. */
    boolean lasts(long millisMax, long nowNanos) {
        return refused && millisMax > 0 && nowNanos - sinceNanos > TimeUnit.MILLISECONDS.toNanos(millisMax);
    }
}
