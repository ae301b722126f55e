package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Query (F): a simple query.
 *
 * @param text the query string as it was sent, without the terminating zero byte
 */
@SuppressWarnings("ArrayRecordComponent")
public record Query(byte[] text) implements FrontendMessage {
    /** A query with this text in UTF-8. */
    public static Query of(String sql) {
        return new Query(sql.getBytes(StandardCharsets.UTF_8));
    }

    /** The text, read as UTF-8. */
    public String sql() {
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Borrows the body. */
    public static Query decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        Query query = new Query(reader.stringBytes());
        reader.end();
        return query;
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.QUERY).stringBytes(text).end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Query that && Arrays.equals(text, that.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }
}
