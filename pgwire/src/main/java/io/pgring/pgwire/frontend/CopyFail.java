package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** CopyFail (F): gives up a COPY from the frontend, with the reason. */
public record CopyFail(String message) implements FrontendMessage {
    /** Borrows the body. */
    public static CopyFail decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        String message = reader.lenientString();
        reader.end();
        return new CopyFail(message);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.COPY_FAIL).string(message).end();
    }
}
