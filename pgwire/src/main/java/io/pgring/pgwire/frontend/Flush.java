package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** Flush (F): the backend shall send what it has ready; unlike Sync it ends nothing. */
public record Flush() implements FrontendMessage {
    /** Borrows the body. */
    public static Flush decode(ByteBuf body) {
        new BodyReader(body).end();
        return new Flush();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, FrontendType.FLUSH);
    }
}
