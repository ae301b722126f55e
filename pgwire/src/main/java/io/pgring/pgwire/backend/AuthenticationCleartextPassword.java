package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.MessageWriter;

/** AuthenticationCleartextPassword (B): send the password as it is. */
public record AuthenticationCleartextPassword() implements Authentication {
    static final int CODE = 3;

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.AUTHENTICATION).int32(CODE).end();
    }
}
