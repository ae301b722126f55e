/**
 * Where a message starts and ends, and how long it may be. Typed messages stay opaque here: {@link
 * io.pgring.pgwire.framing.MessageCursor} steps over them by their length. The untyped first packets of a connection are
 * decoded by {@link io.pgring.pgwire.framing.StartupDecoder}.
 *
 * <p>May use {@code frontend} (for the first packets), {@code codec} and Netty buffers.
 */
@NullMarked
package io.pgring.pgwire.framing;

import org.jspecify.annotations.NullMarked;
