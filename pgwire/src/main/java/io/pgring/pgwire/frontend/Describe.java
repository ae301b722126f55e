package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** Describe (F): asks for the description of a prepared statement or a portal. */
public record Describe(Target target, String name) implements FrontendMessage {
    /** Borrows the body. */
    public static Describe decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        Target target = Target.of(reader.int8(), "DESCRIBE");
        String name = reader.string();
        reader.end();
        return new Describe(target, name);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.DESCRIBE)
                .int8(target.code())
                .string(name)
                .end();
    }
}
