package io.pgring.pgwire.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/** What is kept of a user's password, in one of the three forms that PostgreSQL knows (crypt.c, get_password_type). */
public sealed interface Secret {

    /** Whether it is of this password. May take milliseconds: not for an event loop. */
    boolean fits(String user, String password);

    /**
     * The password itself, and a verifier made of it: the work of a comparison is then the same as with a verifier alone.
     *
     * @param password never shown
     * @param verifier of the password, with a salt of this process
     */
    record Plain(String password, ScramVerifier verifier) implements Secret {
        /** Makes the verifier. Takes milliseconds. */
        static Plain of(String password) {
            byte[] salt = new byte[ScramVerifier.DEFAULT_SALT_BYTES];
            new SecureRandom().nextBytes(salt);
            return new Plain(password, ScramVerifier.of(password, salt, ScramVerifier.DEFAULT_ITERATIONS));
        }

        @Override
        public boolean fits(String user, String given) {
            return verifier.fits(given);
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "Plain[hidden]";
        }
    }

    /**
     * An md5 hash, which is as good as the password where md5 is asked for.
     *
     * @param stored {@code md5} and 32 hexadecimal digits
     */
    record Md5(String stored) implements Secret {
        @Override
        public boolean fits(String user, String given) {
            return MessageDigest.isEqual(bytes(stored), bytes(Md5Password.stored(user, given)));
        }

        /** Shows no hash. */
        @Override
        public String toString() {
            return "Md5[hidden]";
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * A SCRAM verifier.
     *
     * @param verifier as in {@code pg_authid.rolpassword}
     */
    record Scram(ScramVerifier verifier) implements Secret {
        @Override
        public boolean fits(String user, String given) {
            return verifier.fits(given);
        }
    }

    /**
     * Reads any of the three forms. Takes milliseconds for a plain password.
     *
     * @throws IllegalArgumentException if it is a malformed verifier; the message shows nothing of it
     */
    static Secret parse(String text) {
        if (Md5Password.isStored(text)) {
            return new Md5(text);
        }
        return ScramVerifier.isVerifier(text) ? new Scram(ScramVerifier.parse(text)) : Plain.of(text);
    }
}
