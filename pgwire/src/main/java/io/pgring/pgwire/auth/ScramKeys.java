package io.pgring.pgwire.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a password comes down to with one salt and iteration count. Whoever holds these can log in wherever the verifier has the
 * same salt and count: keep them in memory only.
 *
 * @param clientKey proves to a server that the client knows the password; 32 bytes
 * @param serverKey proves to a client that the server knows the verifier; 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record ScramKeys(byte[] clientKey, byte[] serverKey) {
    public ScramKeys {
        if (clientKey.length != Sha256.BYTES || serverKey.length != Sha256.BYTES) {
            throw new IllegalArgumentException("SCRAM-SHA-256 keys have 32 bytes");
        }
    }

    /** Derives the keys, with SASLprep as PostgreSQL does it. Takes milliseconds: not for an event loop. */
    public static ScramKeys derive(String password, byte[] salt, int iterations) {
        byte[] prepared = SaslPrep.prepare(password).getBytes(StandardCharsets.UTF_8);
        byte[] saltedPassword = Sha256.iterate(prepared, salt, iterations);
        return new ScramKeys(
                Sha256.hmac(saltedPassword, ascii("Client Key")), Sha256.hmac(saltedPassword, ascii("Server Key")));
    }

    /** The hash of the client's key, which a server keeps. */
    public byte[] storedKey() {
        return Sha256.hash(clientKey);
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ScramKeys that
                && MessageDigest.isEqual(clientKey, that.clientKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(serverKey);
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "ScramKeys[hidden]";
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
