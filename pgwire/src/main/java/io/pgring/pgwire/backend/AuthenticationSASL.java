package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.List;

/**
 * AuthenticationSASL (B): choose one of these mechanisms.
 *
 * @param mechanisms their names, the server's favourite first
 */
public record AuthenticationSASL(List<String> mechanisms) implements Authentication {
    static final int CODE = 10;

    public AuthenticationSASL {
        mechanisms = List.copyOf(mechanisms);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter writer =
                MessageWriter.begin(out, BackendType.AUTHENTICATION).int32(CODE);
        for (String mechanism : mechanisms) {
            writer.string(mechanism);
        }
        writer.int8(0).end();
    }
}
