/**
 * The clients. A {@link io.pgring.proxy.frontend.ClientConnection} is one socket; it is in one {@link io.pgring.proxy.frontend.Phase}
 * at a time, and each phase knows what may come next:
 *
 * <pre>
 *   StartupPhase ──► AuthenticationPhase ──► QueryPhase ──► (closed)
 *   SSL, GSS,        trust or SCRAM;         messages, handed to
 *   cancel,          then the settings       SimpleQuery, ExtendedQuery
 *   StartupMessage   are tried on a server   and Exchange
 * </pre>
 *
 * Translates bytes into calls named as in PostgreSQL's manual; decides nothing about shards. May use exchange and pgwire.
 */
@NullMarked
package io.pgring.proxy.frontend;

import org.jspecify.annotations.NullMarked;
