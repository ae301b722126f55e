/**
 * One unit of a client's work in flight: a Query, or everything up to a Sync. It decides (through routing) which shard serves
 * it, borrows a server connection, keeps the replies in the order of the questions, and carries the client's transaction
 * from exchange to exchange.
 *
 * <pre>
 *   frontend ──► SimpleQuery ──┐                         ┌──► routing.Planner     which shard?
 *           ──► ExtendedQuery ─┴─► Exchange ─────────────┤
 *                                   │   ▲                └──► backend.ShardPool   a connection to it
 *                                   │   └── Replier: what the server answers
 *                                   └──► ClientSink: what the client gets
 * </pre>
 *
 * May use routing, backend, notify, topology and pgwire.
 */
@NullMarked
package io.pgring.proxy.exchange;

import org.jspecify.annotations.NullMarked;
