/**
 * What a frontend sends: one record per message, named as in the manual's "Message Formats". {@code decode} takes the body
 * alone (what follows the length field), is strict, and borrows the buffer without moving its indexes; {@code encode} writes the
 * whole message. Arrays are neither copied in nor out: treat them as frozen.
 *
 * <p>{@link io.pgring.pgwire.frontend.BindView} reads a Bind in place for the hot path. The untyped first packets of a
 * connection are {@link io.pgring.pgwire.frontend.StartupPacket}s. May use {@code codec} and Netty buffers.
 */
@NullMarked
package io.pgring.pgwire.frontend;

import org.jspecify.annotations.NullMarked;
