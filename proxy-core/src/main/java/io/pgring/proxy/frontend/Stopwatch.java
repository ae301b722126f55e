package io.pgring.proxy.frontend;

/** How long something has stayed the same, as far as looks at it now and then can tell: never longer than it really has. */
final class Stopwatch {
    private boolean running;
    private long seen;
    private long sinceNanos;

    /**
     * Looks at it.
     *
     * @param number differs between two that are not the same
     * @return for how long it has been this one
     */
    long look(long number, long nowNanos) {
        if (!running || seen != number) {
            running = true;
            seen = number;
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos;
    }

    /** It is not there at all. */
    void stop() {
        running = false;
    }
}
