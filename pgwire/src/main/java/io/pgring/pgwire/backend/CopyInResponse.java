package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * CopyInResponse (B): the backend waits for COPY data.
 *
 * @param format 0 textual, 1 binary
 * @param columnFormats the format of each column; all 0 when the whole is textual
 */
@SuppressWarnings("ArrayRecordComponent")
public record CopyInResponse(byte format, int[] columnFormats) implements BackendMessage {
    /** Borrows the body. */
    public static CopyInResponse decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        byte format = reader.int8();
        int[] columnFormats = reader.int16Array(reader.count(Short.BYTES));
        reader.end();
        return new CopyInResponse(format, columnFormats);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.COPY_IN_RESPONSE)
                .int8(format)
                .int16Array(columnFormats)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CopyInResponse that
                && format == that.format
                && Arrays.equals(columnFormats, that.columnFormats);
    }

    @Override
    public int hashCode() {
        return Objects.hash(format, Arrays.hashCode(columnFormats));
    }
}
