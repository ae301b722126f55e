package io.pgring.proxy.distribution;

/**
 * Makes known that the tables have changed. The proxies' part of the bargain: a statement that was planned before the change may be running
 * when this returns, since the lock on the table waits for it, but none may still be on its way to a server.
 */
public interface Announcement {
    /**
     * Blocks until all proxies know.
     *
     * @throws DistributionException when that can't be made sure of
     */
    void awaitKnown() throws DistributionException;
}
