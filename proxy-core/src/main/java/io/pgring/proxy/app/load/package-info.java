/**
 * The load that {@code pgring load} makes: many clients that write keys through a proxy and read them back.
 *
 * <p>Owns: what each value must be, so that every read can be checked; latencies, errors and wrong values.
 *
 * <p>May use: JDBC and HdrHistogram. It is a client of the proxy: nothing of the server.
 */
@NullMarked
package io.pgring.proxy.app.load;

import org.jspecify.annotations.NullMarked;
