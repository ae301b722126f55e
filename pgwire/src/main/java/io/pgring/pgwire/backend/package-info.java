/**
 * What a backend sends: one record per message, named as in the manual's "Message Formats". {@code decode} takes the body alone
 * (what follows the length field), is strict, and borrows the buffer without moving its indexes; {@code encode} writes the whole
 * message. Arrays are neither copied in nor out: treat them as frozen.
 *
 * <p>{@link io.pgring.pgwire.backend.ErrorResponse} and {@link io.pgring.pgwire.backend.NoticeResponse} are made of {@link
 * io.pgring.pgwire.backend.ErrorFields}. May use {@code codec}, {@code frontend} (to answer a StartupMessage) and Netty buffers.
 */
@NullMarked
package io.pgring.pgwire.backend;

import org.jspecify.annotations.NullMarked;
