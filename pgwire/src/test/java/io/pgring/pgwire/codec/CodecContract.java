package io.pgring.pgwire.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/** What holds for the codec of every message. */
public final class CodecContract {
    private static final int HEADER_BYTES = 5;

    private CodecContract() {}

    /** The bytes are exact, decoding gives the message back, and borrows. */
    public static <M> void assertExact(M message, Consumer<ByteBuf> encode, Function<ByteBuf, M> decode, String wire) {
        byte[] expected = Wire.bytes(wire);
        assertThat(Wire.encoded(encode)).isEqualTo(expected);
        ByteBuf body = Wire.buffer(body(expected));
        int readerIndex = body.readerIndex();
        M decoded = decode.apply(body);
        assertThat(decoded).isEqualTo(message).hasSameHashCodeAs(message);
        assertThat(body.readerIndex()).isEqualTo(readerIndex);
        assertThat(body.refCnt()).isEqualTo(1);
        assertThat(message).isNotEqualTo(new Object());
    }

    /** A body that ends too early, anywhere, or one byte too late is refused, and the session could go on. */
    public static void assertStrict(Function<ByteBuf, ?> decode, String wire) {
        byte[] body = body(Wire.bytes(wire));
        for (int length = 0; length < body.length; length++) {
            assertRefused(decode, Arrays.copyOf(body, length));
        }
        assertRefused(decode, Arrays.copyOf(body, body.length + 1));
    }

    /** This body is refused, and the session could go on. */
    public static void assertRefused(Function<ByteBuf, ?> decode, byte[] body) {
        assertThatThrownBy(() -> decode.apply(Wire.buffer(body)))
                .as("body of %d bytes", body.length)
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.fatal()).isFalse());
    }

    private static byte[] body(byte[] wire) {
        return Arrays.copyOfRange(wire, HEADER_BYTES, wire.length);
    }
}
