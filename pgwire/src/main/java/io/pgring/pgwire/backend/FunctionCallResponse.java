package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * FunctionCallResponse (B).
 *
 * @param result the function's value; null for SQL's NULL
 */
@SuppressWarnings("ArrayRecordComponent")
public record FunctionCallResponse(byte @Nullable [] result) implements BackendMessage {
    /** Borrows the body. */
    public static FunctionCallResponse decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        byte @Nullable [] result = reader.value();
        reader.end();
        return new FunctionCallResponse(result);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.FUNCTION_CALL_RESPONSE)
                .value(result)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FunctionCallResponse that && Arrays.equals(result, that.result);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(result);
    }
}
