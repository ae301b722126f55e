package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** PortalSuspended (B): Execute reached its row limit; the portal has perhaps more. */
public record PortalSuspended() implements BackendMessage {
    /** Borrows the body. */
    public static PortalSuspended decode(ByteBuf body) {
        new BodyReader(body).end();
        return new PortalSuspended();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.empty(out, BackendType.PORTAL_SUSPENDED);
    }
}
