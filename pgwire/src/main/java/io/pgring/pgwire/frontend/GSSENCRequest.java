package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.codec.MessageWriter;

/** GSSENCRequest (F): asks for GSSAPI encryption; answered by one byte, G or N. */
public record GSSENCRequest() implements StartupPacket {
    /** The number in the place of the protocol version. */
    public static final int CODE = 80877104;

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.beginUntyped(out).int32(CODE).end();
    }
}
