package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;

/** One of the first packets of a connection, which have a length but no type byte: an Int32 code tells them apart. */
public sealed interface StartupPacket permits CancelRequest, GSSENCRequest, SSLRequest, StartupMessage {
    /**
     * Writes length, code and body. Borrows the buffer.
     *
     * @throws IllegalArgumentException if the packet can't be carried by the protocol; the buffer is then as before
     */
    void encode(ByteBuf out);
}
