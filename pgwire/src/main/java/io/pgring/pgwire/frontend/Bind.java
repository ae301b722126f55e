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
 * Bind (F): makes a portal from a prepared statement and the values of its parameters. {@link BindView} reads one without
 * copying.
 *
 * @param portal the portal's name; empty for the unnamed one
 * @param statement the statement's name; empty for the unnamed one
 * @param parameterFormats none (all text), one (for all) or one for each parameter; 0 text, 1 binary
 * @param parameters the values; null for SQL's NULL
 * @param resultFormats none (all text), one (for all) or one for each result column
 */
@SuppressWarnings("ArrayRecordComponent")
public record Bind(
        String portal, String statement, int[] parameterFormats, byte[] @Nullable [] parameters, int[] resultFormats)
        implements FrontendMessage {
    /** Borrows the body. */
    public static Bind decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        String portal = reader.string();
        String statement = reader.string();
        int[] parameterFormats = reader.int16Array(reader.count(Short.BYTES));
        byte[] @Nullable [] parameters = new byte[reader.count(Integer.BYTES)][];
        requireMatchingFormats(parameterFormats.length, parameters.length);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = reader.value();
        }
        int[] resultFormats = reader.int16Array(reader.count(Short.BYTES));
        reader.end();
        return new Bind(portal, statement, parameterFormats, parameters, resultFormats);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter writer = MessageWriter.begin(out, FrontendType.BIND)
                .string(portal)
                .string(statement)
                .int16Array(parameterFormats)
                .int16(parameters.length);
        for (byte[] parameter : parameters) {
            writer.value(parameter);
        }
        writer.int16Array(resultFormats).end();
    }

    static void requireMatchingFormats(int formats, int parameters) {
        if (formats > 1 && formats != parameters) {
            throw ProtocolViolation.inBody(
                    "bind message has " + formats + " parameter formats but " + parameters + " parameters");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bind that
                && portal.equals(that.portal)
                && statement.equals(that.statement)
                && Arrays.equals(parameterFormats, that.parameterFormats)
                && Arrays.deepEquals(parameters, that.parameters)
                && Arrays.equals(resultFormats, that.resultFormats);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                portal,
                statement,
                Arrays.hashCode(parameterFormats),
                Arrays.deepHashCode(parameters),
                Arrays.hashCode(resultFormats));
    }
}
