package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * DataRow (B): one row. For rows that the proxy makes or has to look into; all others are passed on unread.
 *
 * @param values one for each column; null for SQL's NULL
 */
@SuppressWarnings("ArrayRecordComponent")
public record DataRow(byte[] @Nullable [] values) implements BackendMessage {
    /** A row of values in text format, in UTF-8; null for SQL's NULL. */
    public static DataRow ofText(@Nullable String... texts) {
        byte[] @Nullable [] values = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            values[i] = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        }
        return new DataRow(values);
    }

    /** Borrows the body. */
    public static DataRow decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        byte[] @Nullable [] values = new byte[reader.count(Integer.BYTES)][];
        for (int i = 0; i < values.length; i++) {
            values[i] = reader.value();
        }
        reader.end();
        return new DataRow(values);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter writer = MessageWriter.begin(out, BackendType.DATA_ROW).int16(values.length);
        for (byte[] value : values) {
            writer.value(value);
        }
        writer.end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DataRow that && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }
}
