package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parse (F): makes a prepared statement.
 *
 * @param statement its name; empty for the unnamed one
 * @param query the query string as it was sent, without the terminating zero byte
 * @param parameterTypeOids the types that are given beforehand, 0 for "unspecified"; may be shorter than the parameters
 */
@SuppressWarnings("ArrayRecordComponent")
public record Parse(String statement, byte[] query, int[] parameterTypeOids) implements FrontendMessage {
    /** Borrows the body. */
    public static Parse decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        String statement = reader.string();
        byte[] query = reader.stringBytes();
        int[] parameterTypeOids = reader.int32Array(reader.count(Integer.BYTES));
        reader.end();
        return new Parse(statement, query, parameterTypeOids);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.PARSE)
                .string(statement)
                .stringBytes(query)
                .int32Array(parameterTypeOids)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Parse that
                && statement.equals(that.statement)
                && Arrays.equals(query, that.query)
                && Arrays.equals(parameterTypeOids, that.parameterTypeOids);
    }

    @Override
    public int hashCode() {
        return Objects.hash(statement, Arrays.hashCode(query), Arrays.hashCode(parameterTypeOids));
    }
}
