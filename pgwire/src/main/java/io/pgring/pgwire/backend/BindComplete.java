package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** BindComplete (B). */
public record BindComplete() implements BackendMessage {
    /** Borrows the body. */
    public static BindComplete decode(ByteBuf body) {
        new BodyReader(body).end();
        return new BindComplete();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, BackendType.BIND_COMPLETE);
    }
}
