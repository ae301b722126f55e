package io.pgring.pgwire.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The functions H, HMAC, Hi and XOR of RFC 5802 for SHA-256. */
final class Sha256 {
    static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    private Sha256() {}

    static byte[] hash(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] hmac(byte[] key, byte[] text) {
        return mac(key).doFinal(text);
    }

    /** Hi: PBKDF2 with one block of output. Slow on purpose. */
    static byte[] iterate(byte[] password, byte[] salt, int iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException("at least one iteration is needed, not " + iterations);
        }
        Mac mac = mac(password);
        mac.update(salt);
        byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = block.clone();
        for (int i = 1; i < iterations; i++) {
            block = mac.doFinal(block);
            for (int j = 0; j < BYTES; j++) {
                result[j] ^= block[j];
            }
        }
        return result;
    }

    static byte[] xor(byte[] left, byte[] right) {
        byte[] result = left.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= right[i];
        }
        return result;
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            // The JDK refuses an empty key. HMAC fills keys up with zeros, so one zero is the same key.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
