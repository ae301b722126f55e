/**
 * The connections to the shards. A {@link io.pgring.proxy.backend.ServerConnection} keeps a strict queue with one
 * {@link io.pgring.proxy.backend.Replier} per expected ReadyForQuery; a {@link io.pgring.proxy.backend.ShardPool} per event
 * loop, shard and user lends them out and watches their health; the {@link io.pgring.proxy.backend.ShardRoom} of a shard keeps who waits in
 * order, and bounds the connections of all users.
 *
 * <pre>
 *   UserPools ──► ShardPools ──► ShardPool ──► ServerConnector ──► ServerLogin ──► ServerAttachment ──► ServerConnection
 *   of a loop     of a user      of a shard    opens a socket      TLS, start-up,   topology, what is     replies in order,
 *                                                                  authentication   left prepared         statements it knows
 * </pre>
 *
 * Replies rise only through {@code Replier} and {@code Waiter}. May use topology, config, pgwire, loop and metrics.
 */
@NullMarked
package io.pgring.proxy.backend;

import org.jspecify.annotations.NullMarked;
