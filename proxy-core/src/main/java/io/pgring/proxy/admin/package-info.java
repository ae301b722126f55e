/**
 * What administrators see: the HTTP port with statistics, health and the key-value API, and the console.
 *
 * <pre>
 *   AdminHttp ──► HttpConnection ──► Router ──► Resource ──┬──► ProxyStatus, RowCounts        /stats, /health/...
 *   pipeline      requests in order, paths      one class  │
 *   of a client   timeouts, answers             per path   └──► KeyValueSession ──► exchange  /write, /read
 *                                                               a client inside the proxy
 *
 *   AdminConsole ──► ConsoleWords ──► ConsoleVerb ──► ProxyStatus, Reload                     SHOW ..., RELOAD
 *   frontend.Console  a text's words   one for each command
 * </pre>
 *
 * A {@link io.pgring.proxy.admin.Resource} answers a {@link io.pgring.proxy.admin.Request} with an
 * {@link io.pgring.proxy.admin.Answer}, at once or later, and never blocks the event loop: rows are counted over JDBC on control
 * threads. Keys and values take the road of every client, by {@link io.pgring.proxy.admin.KeyValueSession}.
 *
 * <p>Owns: paths, JSON shapes, status codes, the console's commands, who may use the key-value API. May use exchange, routing, frontend, backend, metrics,
 * topology, config and pgwire; the road never calls it.
 */
@NullMarked
package io.pgring.proxy.admin;

import org.jspecify.annotations.NullMarked;
