package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * FunctionCall (F): calls a function by its object identifier ("fast path"; large objects use it).
 *
 * @param functionOid the function
 * @param argumentFormats none (all text), one (for all) or one for each argument; 0 text, 1 binary
 * @param arguments the values; null for SQL's NULL
 * @param resultFormat 0 text, 1 binary
 */
@SuppressWarnings("ArrayRecordComponent")
public record FunctionCall(int functionOid, int[] argumentFormats, byte[] @Nullable [] arguments, int resultFormat)
        implements FrontendMessage {
    /** Borrows the body. */
    public static FunctionCall decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        int functionOid = reader.int32();
        int[] argumentFormats = reader.int16Array(reader.count(Short.BYTES));
        byte[] @Nullable [] arguments = new byte[reader.count(Integer.BYTES)][];
        if (argumentFormats.length > 1 && argumentFormats.length != arguments.length) {
            throw ProtocolViolation.inBody("function call message contains " + argumentFormats.length
                    + " argument formats but " + arguments.length + " arguments");
        }
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = reader.value();
        }
        int resultFormat = reader.int16();
        reader.end();
        return new FunctionCall(functionOid, argumentFormats, arguments, resultFormat);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter writer = MessageWriter.begin(out, FrontendType.FUNCTION_CALL)
                .int32(functionOid)
                .int16Array(argumentFormats)
                .int16(arguments.length);
        for (byte[] argument : arguments) {
            writer.value(argument);
        }
        writer.int16(resultFormat).end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FunctionCall that
                && functionOid == that.functionOid
                && Arrays.equals(argumentFormats, that.argumentFormats)
                && Arrays.deepEquals(arguments, that.arguments)
                && resultFormat == that.resultFormat;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                functionOid, Arrays.hashCode(argumentFormats), Arrays.deepHashCode(arguments), resultFormat);
    }
}
