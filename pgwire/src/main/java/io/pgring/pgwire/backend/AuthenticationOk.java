package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.MessageWriter;

/** AuthenticationOk (B): the frontend is who it says. */
public record AuthenticationOk() implements Authentication {
    static final int CODE = 0;

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.AUTHENTICATION).int32(CODE).end();
    }
}
