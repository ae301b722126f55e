package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** ParameterStatus (B): the value of a reported run-time parameter. */
public record ParameterStatus(String name, String value) implements BackendMessage {
    /** Borrows the body. */
    public static ParameterStatus decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        String name = reader.string();
        String value = reader.string();
        reader.end();
        return new ParameterStatus(name, value);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.PARAMETER_STATUS)
                .string(name)
                .string(value)
                .end();
    }
}
