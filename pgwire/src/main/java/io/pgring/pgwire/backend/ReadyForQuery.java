package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** ReadyForQuery (B): the end of a reply, and the state of the transaction. */
public record ReadyForQuery(TransactionStatus status) implements BackendMessage {
    /** Borrows the body. */
    public static ReadyForQuery decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        TransactionStatus status = TransactionStatus.of(reader.int8());
        reader.end();
        return new ReadyForQuery(status);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.READY_FOR_QUERY)
                .int8(status.code())
                .end();
    }
}
