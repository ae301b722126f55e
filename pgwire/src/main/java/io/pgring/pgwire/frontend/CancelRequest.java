package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * CancelRequest (F): cancels what runs in another connection; never answered.
 *
 * @param processId from that connection's BackendKeyData
 * @param secretKey from that connection's BackendKeyData: 4 bytes in protocol 3.0, 4 to 256 in 3.2
 */
@SuppressWarnings("ArrayRecordComponent")
public record CancelRequest(int processId, byte[] secretKey) implements StartupPacket {
    /** The number in the place of the protocol version. */
    public static final int CODE = 80877102;

    public static final int SECRET_KEY_BYTES_MIN = 4;
    public static final int SECRET_KEY_BYTES_MAX = 256;

    public CancelRequest {
        if (secretKey.length < SECRET_KEY_BYTES_MIN || secretKey.length > SECRET_KEY_BYTES_MAX) {
            throw new IllegalArgumentException("a cancel key has 4 to 256 bytes, not " + secretKey.length);
        }
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.beginUntyped(out)
                .int32(CODE)
                .int32(processId)
                .bytes(secretKey)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CancelRequest that
                && processId == that.processId
                && Arrays.equals(secretKey, that.secretKey);
    }

    @Override
    public int hashCode() {
        return Objects.hash(processId, Arrays.hashCode(secretKey));
    }
}
