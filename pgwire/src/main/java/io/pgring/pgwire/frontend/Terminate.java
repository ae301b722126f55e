package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** Terminate (F): the frontend leaves. */
public record Terminate() implements FrontendMessage {
    /** Borrows the body. */
    public static Terminate decode(ByteBuf body) {
        new BodyReader(body).end();
        return new Terminate();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, FrontendType.TERMINATE);
    }
}
