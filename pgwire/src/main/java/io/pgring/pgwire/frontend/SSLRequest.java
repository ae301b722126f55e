package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.codec.MessageWriter;

/** SSLRequest (F): asks for TLS; answered by one byte, S or N. */
public record SSLRequest() implements StartupPacket {
    /** The number in the place of the protocol version. */
    public static final int CODE = 80877103;

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.beginUntyped(out).int32(CODE).end();
    }
}
