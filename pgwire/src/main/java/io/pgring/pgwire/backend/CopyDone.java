package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** CopyDone (F and B): the COPY data is complete. */
public record CopyDone() implements BackendMessage {
    /** Borrows the body. */
    public static CopyDone decode(ByteBuf body) {
        new BodyReader(body).end();
        return new CopyDone();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, BackendType.COPY_DONE);
    }
}
