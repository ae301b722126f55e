package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** Close (F): drops a prepared statement or a portal; no error when there is none. */
public record Close(Target target, String name) implements FrontendMessage {
    /** Borrows the body. */
    public static Close decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        Target target = Target.of(reader.int8(), "CLOSE");
        String name = reader.string();
        reader.end();
        return new Close(target, name);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.CLOSE)
                .int8(target.code())
                .string(name)
                .end();
    }
}
