package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * SASLInitialResponse (F): chooses a SASL mechanism.
 *
 * @param mechanism its name
 * @param response what the mechanism says first; null when it says nothing
 */
@SuppressWarnings("ArrayRecordComponent")
public record SASLInitialResponse(String mechanism, byte @Nullable [] response) implements FrontendMessage {
    /** Borrows the body. */
    public static SASLInitialResponse decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        String mechanism = reader.string();
        byte @Nullable [] response = reader.value();
        reader.end();
        return new SASLInitialResponse(mechanism, response);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.PASSWORD_MESSAGE)
                .string(mechanism)
                .value(response)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SASLInitialResponse that
                && mechanism.equals(that.mechanism)
                && Arrays.equals(response, that.response);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mechanism, Arrays.hashCode(response));
    }
}
