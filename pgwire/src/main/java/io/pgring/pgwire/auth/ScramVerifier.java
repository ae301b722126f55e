package io.pgring.pgwire.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server keeps of a password, as in PostgreSQL's {@code pg_authid.rolpassword}: {@code
 * SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}, the last three in base64.
 *
 * @param iterations rounds of PBKDF2; 4096 is PostgreSQL's default
 * @param salt any number of bytes; PostgreSQL makes 16, some clouds make others
 * @param storedKey 32 bytes, to check a client's proof
 * @param serverKey 32 bytes, to prove to the client that the server knows the verifier
 */
@SuppressWarnings("ArrayRecordComponent")
public record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    /** PostgreSQL's default for scram_iterations, and the least that RFC 7677 recommends. */
    public static final int DEFAULT_ITERATIONS = 4096;
    /** SCRAM_DEFAULT_SALT_LEN in PostgreSQL. */
    public static final int DEFAULT_SALT_BYTES = 16;

    private static final Pattern FORMAT = Pattern.compile("SCRAM-SHA-256\\$([0-9]{1,10}):([^$:]+)\\$([^$:]+):([^$:]+)");

    public ScramVerifier {
        if (iterations < 1) {
            throw new IllegalArgumentException("invalid SCRAM verifier: at least one iteration is needed");
        }
        if (salt.length == 0) {
            throw new IllegalArgumentException("invalid SCRAM verifier: the salt is empty");
        }
        if (storedKey.length != Sha256.BYTES || serverKey.length != Sha256.BYTES) {
            throw new IllegalArgumentException("invalid SCRAM verifier: keys have 32 bytes");
        }
    }

    /** Whether the text says that it is a verifier; it may still be a malformed one. */
    public static boolean isVerifier(String text) {
        return text.startsWith("SCRAM-SHA-256$");
    }

    /**
     * Reads PostgreSQL's text form.
     *
     * @throws IllegalArgumentException if it is malformed; the message shows nothing of it
     */
    public static ScramVerifier parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid SCRAM verifier: not in the form SCRAM-SHA-256$n:salt$key:key");
        }
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return new ScramVerifier(
                    Math.toIntExact(Long.parseLong(matcher.group(1))),
                    base64.decode(matcher.group(2)),
                    base64.decode(matcher.group(3)),
                    base64.decode(matcher.group(4)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("invalid SCRAM verifier: too many iterations", e);
        }
    }

    /** Makes the verifier of a password. Takes milliseconds: not for an event loop. */
    public static ScramVerifier of(String password, byte[] salt, int iterations) {
        ScramKeys keys = ScramKeys.derive(password, salt, iterations);
        return new ScramVerifier(iterations, salt, keys.storedKey(), keys.serverKey());
    }

    /**
     * A verifier that no password fits, for a user who does not exist: made from the name and a secret of this process, so that
     * asking again shows the same salt and tells nothing (mock authentication in auth-scram.c).
     */
    public static ScramVerifier mock(String user, byte[] processSecret, int iterations) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        byte[] seed = Sha256.hmac(processSecret, name);
        byte[] salt = Arrays.copyOf(Sha256.hmac(seed, ScramKeys.ascii("salt")), DEFAULT_SALT_BYTES);
        return new ScramVerifier(
                iterations,
                salt,
                Sha256.hmac(seed, ScramKeys.ascii("stored key")),
                Sha256.hmac(seed, ScramKeys.ascii("server key")));
    }

    /** Whether this verifier is of the password. Takes milliseconds: not for an event loop. */
    public boolean fits(String password) {
        ScramKeys keys = ScramKeys.derive(password, salt, iterations);
        return MessageDigest.isEqual(keys.storedKey(), storedKey);
    }

    /** PostgreSQL's text form. */
    public String format() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(storedKey) + ":" + base64.encodeToString(serverKey);
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ScramVerifier that
                && iterations == that.iterations
                && MessageDigest.isEqual(salt, that.salt)
                && MessageDigest.isEqual(storedKey, that.storedKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return Objects.hash(iterations, Arrays.hashCode(salt));
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "ScramVerifier[iterations=" + iterations + ", hidden]";
    }
}
