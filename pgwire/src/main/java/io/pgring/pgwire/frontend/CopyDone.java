package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** CopyDone (F and B): the COPY data is complete. */
public record CopyDone() implements FrontendMessage {
    /** Borrows the body. */
    public static CopyDone decode(ByteBuf body) {
        new BodyReader(body).end();
        return new CopyDone();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, FrontendType.COPY_DONE);
    }
}
