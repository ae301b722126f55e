package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** Sync (F): ends an extended query; answered by exactly one ReadyForQuery. */
public record Sync() implements FrontendMessage {
    /** Borrows the body. */
    public static Sync decode(ByteBuf body) {
        new BodyReader(body).end();
        return new Sync();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, FrontendType.SYNC);
    }
}
