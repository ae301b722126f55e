package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** EmptyQueryResponse (B): in place of CommandComplete when the query string held nothing. */
public record EmptyQueryResponse() implements BackendMessage {
    /** Borrows the body. */
    public static EmptyQueryResponse decode(ByteBuf body) {
        new BodyReader(body).end();
        return new EmptyQueryResponse();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, BackendType.EMPTY_QUERY_RESPONSE);
    }
}
