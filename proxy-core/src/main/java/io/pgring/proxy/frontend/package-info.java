/**
 * The clients. A {@link io.pgring.proxy.frontend.ClientConnection} is one socket; it is in one {@link io.pgring.proxy.frontend.Phase}
 * at a time, and each phase knows what may come next:
 *
 * <pre>
 *   StartupPhase ──► AuthenticationPhase ──┬─► SettingsPhase ──► QueryPhase ──► (closed)
 *   SSL, GSS,        as the rules have it  │   tried on a        messages, handed to
 *   cancel,                                │   server            SimpleQuery, ExtendedQuery
 *   StartupMessage                         │                     and Exchange
 *                                          └─► ConsolePhase ───────────────────► (closed)
 *                                              database pgring: commands for the Console
 * </pre>
 *
 * Translates bytes into calls named as in PostgreSQL's manual; decides nothing about shards. May use exchange and pgwire.
 */
@NullMarked
package io.pgring.proxy.frontend;

import org.jspecify.annotations.NullMarked;
