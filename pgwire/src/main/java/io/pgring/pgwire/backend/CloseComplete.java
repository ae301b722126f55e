package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** CloseComplete (B). */
public record CloseComplete() implements BackendMessage {
    /** Borrows the body. */
    public static CloseComplete decode(ByteBuf body) {
        new BodyReader(body).end();
        return new CloseComplete();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, BackendType.CLOSE_COMPLETE);
    }
}
