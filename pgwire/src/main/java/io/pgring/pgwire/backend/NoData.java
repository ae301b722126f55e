package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** NoData (B): what was described returns no rows. */
public record NoData() implements BackendMessage {
    /** Borrows the body. */
    public static NoData decode(ByteBuf body) {
        new BodyReader(body).end();
        return new NoData();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, BackendType.NO_DATA);
    }
}
