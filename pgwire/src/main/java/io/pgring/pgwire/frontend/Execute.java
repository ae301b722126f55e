package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/**
 * Execute (F): runs a portal.
 *
 * @param portal its name; empty for the unnamed one
 * @param maxRows the most rows to return; 0 or less for all
 */
public record Execute(String portal, int maxRows) implements FrontendMessage {
    /** Borrows the body. */
    public static Execute decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        String portal = reader.string();
        int maxRows = reader.int32();
        reader.end();
        return new Execute(portal, maxRows);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.EXECUTE)
                .string(portal)
                .int32(maxRows)
                .end();
    }
}
