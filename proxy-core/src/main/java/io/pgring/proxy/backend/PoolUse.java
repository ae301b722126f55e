package io.pgring.proxy.backend;

/**
 * How a pool is used at one moment.
 *
 * @param open server connections that are logged in
 * @param idle those of them that nobody uses
 * @param waiting clients that wait for one
 * @param kept those that clients keep between their transactions
 */
public record PoolUse(int open, int idle, int waiting, int kept) {

    /** The sum of two pools. */
    public PoolUse plus(PoolUse other) {
        return new PoolUse(open + other.open, idle + other.idle, waiting + other.waiting, kept + other.kept);
    }
}
