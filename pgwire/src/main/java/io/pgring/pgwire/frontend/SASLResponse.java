package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** SASLResponse (F): a further step of a SASL exchange, with what the mechanism says. */
@SuppressWarnings("ArrayRecordComponent")
public record SASLResponse(byte[] data) implements FrontendMessage {
    /** Borrows the body. */
    public static SASLResponse decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        return new SASLResponse(reader.rest());
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.PASSWORD_MESSAGE).bytes(data).end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SASLResponse that && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }
}
