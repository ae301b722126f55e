package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** CopyData (F and B): a piece of COPY data; its borders mean nothing. Large ones are better passed on unread. */
@SuppressWarnings("ArrayRecordComponent")
public record CopyData(byte[] data) implements FrontendMessage {
    /** Borrows the body. */
    public static CopyData decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        return new CopyData(reader.rest());
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.COPY_DATA).bytes(data).end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CopyData that && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }
}
