/**
 * The protocol on the wire, byte by byte: {@link io.pgring.it.wire.RawClient} sends any messages, cut at any byte, to a server or to the
 * proxy, and {@link io.pgring.it.wire.Reply} shows what comes back. {@link io.pgring.it.wire.DifferentialProtocolIT} compares the two
 * on random scripts.
 *
 * <p>May use {@code io.pgring.it.support}, pgwire and the JDK; test sources only.
 */
@NullMarked
package io.pgring.it.wire;

import org.jspecify.annotations.NullMarked;
