package io.pgring.proxy.reshard;

import io.pgring.proxy.config.MovesConfiguration;
import java.time.Duration;

/**
 * How gently rows are moved.
 *
 * @param chunkRows rows of a table that one step looks at, no more than may be moved in a second: between two steps a mover drains, and notices an
 *     abort
 * @param drainRows rows written during a move that one step takes
 * @param rowsPerSecondMax rows copied or deleted; 0 for as many as there may be
 * @param busyShareMax part of the time in which a mover works, above 0 and at most 1: after each step it rests for the remainder
 * @param calmRows what may be left in the outboxes when a pause begins
 * @param pauseMax how long clients may wait for older transactions to end; then they go on, and a later pause follows
 * @param emptyMax how long they may wait after that for the last rows
 * @param retryMin between two pauses; twice as long each time
 * @param retryMax the longest time between two pauses, and between two attempts to reach a shard
 * @param frozenAfter a mover that gives no sign for longer may be ended by another
 */
public record MoverSettings(
        int chunkRows,
        int drainRows,
        int rowsPerSecondMax,
        double busyShareMax,
        int calmRows,
        Duration pauseMax,
        Duration emptyMax,
        Duration retryMin,
        Duration retryMax,
        Duration frozenAfter) {
    /** Unless told otherwise. */
    public static final MoverSettings DEFAULT = new MoverSettings(
            5_000,
            5_000,
            0,
            0.8,
            500,
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15));

    /** With what the configuration says. */
    public static MoverSettings of(MovesConfiguration moves) {
        Duration pause = Duration.ofMillis(moves.pauseMillisMax());
        int chunk = moves.rowsPerSecondMax() == 0
                ? DEFAULT.chunkRows
                : Math.min(DEFAULT.chunkRows, moves.rowsPerSecondMax());
        return new MoverSettings(
                chunk,
                DEFAULT.drainRows,
                moves.rowsPerSecondMax(),
                DEFAULT.busyShareMax,
                DEFAULT.calmRows,
                pause,
                pause,
                DEFAULT.retryMin,
                DEFAULT.retryMax,
                DEFAULT.frozenAfter);
    }

    public MoverSettings {
        if (chunkRows < 1 || drainRows < 1 || rowsPerSecondMax < 0 || calmRows < 0) {
            throw new IllegalArgumentException("numbers of rows must be positive");
        }
        if (!(busyShareMax > 0 && busyShareMax <= 1)) {
            throw new IllegalArgumentException("busyShareMax must be above 0 and at most 1, not " + busyShareMax);
        }
    }
}
