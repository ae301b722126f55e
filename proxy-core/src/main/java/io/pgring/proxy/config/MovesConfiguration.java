package io.pgring.proxy.config;

/**
 * How gently rows are moved from shard to shard.
 *
 * @param rowsPerSecondMax rows copied or deleted; 0 for as many as there may be
 * @param pauseMillisMax how long clients of the rows that change hands may wait for older transactions to end; then they go on, and it is tried
 *     again later
 */
public record MovesConfiguration(int rowsPerSecondMax, long pauseMillisMax) {
    /** As fast as the servers are, with pauses that are hardly noticed. */
    public static final MovesConfiguration DEFAULT = new MovesConfiguration(0, 400);

    public MovesConfiguration {
        InvalidValueException.unlessBetween("rowsPerSecondMax", rowsPerSecondMax, 0, 100_000_000);
        InvalidValueException.unlessBetween("pauseMillisMax", pauseMillisMax, 10, 60_000);
    }
}
