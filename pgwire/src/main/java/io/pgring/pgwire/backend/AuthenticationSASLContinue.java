package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * AuthenticationSASLContinue (B): a step of a SASL exchange.
 *
 * @param data what the mechanism says
 */
@SuppressWarnings("ArrayRecordComponent")
public record AuthenticationSASLContinue(byte[] data) implements Authentication {
    static final int CODE = 11;

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.AUTHENTICATION)
                .int32(CODE)
                .bytes(data)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuthenticationSASLContinue that && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }
}
