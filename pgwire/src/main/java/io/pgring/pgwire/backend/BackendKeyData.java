package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * BackendKeyData (B): what a frontend must show to cancel.
 *
 * @param processId the backend's process
 * @param secretKey 4 bytes in protocol 3.0, 4 to 256 in 3.2
 */
@SuppressWarnings("ArrayRecordComponent")
public record BackendKeyData(int processId, byte[] secretKey) implements BackendMessage {
    private static final int SECRET_KEY_BYTES_MIN = 4;
    private static final int SECRET_KEY_BYTES_MAX = 256;

    public BackendKeyData {
        if (secretKey.length < SECRET_KEY_BYTES_MIN || secretKey.length > SECRET_KEY_BYTES_MAX) {
            throw new IllegalArgumentException("a cancel key has 4 to 256 bytes, not " + secretKey.length);
        }
    }

    /** Borrows the body. */
    public static BackendKeyData decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        int processId = reader.int32();
        byte[] secretKey = reader.rest();
        if (secretKey.length < SECRET_KEY_BYTES_MIN || secretKey.length > SECRET_KEY_BYTES_MAX) {
            throw ProtocolViolation.inBody("invalid length of cancel key");
        }
        return new BackendKeyData(processId, secretKey);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.BACKEND_KEY_DATA)
                .int32(processId)
                .bytes(secretKey)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BackendKeyData that
                && processId == that.processId
                && Arrays.equals(secretKey, that.secretKey);
    }

    @Override
    public int hashCode() {
        return Objects.hash(processId, Arrays.hashCode(secretKey));
    }
}
