/**
 * The connections to the shards. A {@link io.pgring.proxy.backend.ServerConnection} keeps a strict queue with one
 * {@link io.pgring.proxy.backend.Replier} per expected ReadyForQuery; a {@link io.pgring.proxy.backend.ShardPool} per event
 * loop and shard lends them out, watches their health and keeps who waits in order.
 *
 * <pre>
 *   ShardPools ──► ShardPool ──► ServerConnector ──► ServerLogin ──► ServerConnection
 *   all shards     one shard,    opens a socket      TLS, start-up,   replies in order,
 *   of a loop      one loop                          authentication   statements it knows
 * </pre>
 *
 * Replies rise only through {@code Replier} and {@code Waiter}. May use topology, config, pgwire, loop and metrics.
 */
@NullMarked
package io.pgring.proxy.backend;

import org.jspecify.annotations.NullMarked;
