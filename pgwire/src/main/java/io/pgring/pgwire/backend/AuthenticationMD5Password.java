package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * AuthenticationMD5Password (B): send the password's md5 hash, hashed again with a salt.
 *
 * @param salt 4 bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record AuthenticationMD5Password(byte[] salt) implements Authentication {
    static final int CODE = 5;
    static final int SALT_BYTES = 4;

    public AuthenticationMD5Password {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("the salt has 4 bytes, not " + salt.length);
        }
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.AUTHENTICATION)
                .int32(CODE)
                .bytes(salt)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuthenticationMD5Password that && Arrays.equals(salt, that.salt);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }
}
