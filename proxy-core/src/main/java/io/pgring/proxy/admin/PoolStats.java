package io.pgring.proxy.admin;

/**
 * The server connections to a shard, over all event loops.
 *
 * @param open logged in
 * @param idle those of them that nobody uses
 * @param waiting clients that wait for one
 * @param kept those that clients keep between their transactions
 * @param max how many there may be
 */
record PoolStats(int open, int idle, int waiting, int kept, int max) {}
