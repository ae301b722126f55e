package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** CopyData (F and B): a piece of COPY data. Large ones are better passed on unread. */
@SuppressWarnings("ArrayRecordComponent")
public record CopyData(byte[] data) implements BackendMessage {
    /** Borrows the body. */
    public static CopyData decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        return new CopyData(reader.rest());
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.COPY_DATA).bytes(data).end();
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
