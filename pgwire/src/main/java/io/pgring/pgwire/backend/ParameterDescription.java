package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * ParameterDescription (B): the types of a statement's parameters.
 *
 * @param typeOids one for each parameter
 */
@SuppressWarnings("ArrayRecordComponent")
public record ParameterDescription(int[] typeOids) implements BackendMessage {
    /** Borrows the body. */
    public static ParameterDescription decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        int[] typeOids = reader.int32Array(reader.count(Integer.BYTES));
        reader.end();
        return new ParameterDescription(typeOids);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.PARAMETER_DESCRIPTION)
                .int32Array(typeOids)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ParameterDescription that && Arrays.equals(typeOids, that.typeOids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(typeOids);
    }
}
