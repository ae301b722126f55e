package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** ParseComplete (B). */
public record ParseComplete() implements BackendMessage {
    /** Borrows the body. */
    public static ParseComplete decode(ByteBuf body) {
        new BodyReader(body).end();
        return new ParseComplete();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, BackendType.PARSE_COMPLETE);
    }
}
