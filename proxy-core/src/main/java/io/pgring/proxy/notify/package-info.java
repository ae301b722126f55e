/**
 * LISTEN for clients that share their server connections. One connection to every shard listens to all channels to which any client of the
 * proxy does, and what it hears is handed to each of them.
 *
 * <pre>
 *   exchange.ListenedChannels ──► Switchboard ──► ListeningConnection ──► shard 0
 *        ▲  one per client           │  │   └──► ListeningConnection ──► shard 1
 *        └───────── Listener ◄───────┘  └ channel → listeners
 * </pre>
 *
 * It owns these connections, which belong to no pool. May use backend, topology, metrics and pgwire.
 */
@NullMarked
package io.pgring.proxy.notify;

import org.jspecify.annotations.NullMarked;
