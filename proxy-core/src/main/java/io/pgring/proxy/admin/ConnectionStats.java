package io.pgring.proxy.admin;

/**
 * Attempts to connect to a shard, since the start.
 *
 * @param opened logins
 * @param failed attempts that did not end in a login
 */
record ConnectionStats(long opened, long failed) {}
