package io.pgring.pgwire.auth;

import io.pgring.pgwire.ProtocolViolation;

/**
 * A server-first-message: {@code r=nonce,s=salt,i=iterations}.
 *
 * @param text the message as it was sent: what is signed
 * @param nonce both parts
 * @param salt of the user's verifier
 * @param iterations of the user's verifier
 */
@SuppressWarnings("ArrayRecordComponent")
public record ScramChallenge(String text, String nonce, byte[] salt, int iterations) {
    private static final int ITERATIONS_DIGITS_MAX = 10;

    /**
     * Reads the message.
     *
     * @throws ProtocolViolation if it is malformed, does not continue the client's nonce, or asks for more iterations than allowed
     */
    static ScramChallenge parse(byte[] message, String clientNonce, int iterationsMax) {
        ScramAttributes attributes = new ScramAttributes(message);
        String nonce = ScramAttributes.requireNonce(attributes.value('r'));
        byte[] salt = ScramAttributes.base64(attributes.value('s'));
        long iterations = number(attributes.value('i'));
        if (!attributes.atEnd() || salt.length == 0 || iterations < 1) {
            throw ScramAttributes.malformed();
        }
        if (!nonce.startsWith(clientNonce) || nonce.length() == clientNonce.length()) {
            throw new ProtocolViolation("invalid SCRAM response: nonce mismatch");
        }
        if (iterations > iterationsMax) {
            throw new ProtocolViolation(
                    "server asks for " + iterations + " SCRAM iterations, more than " + iterationsMax);
        }
        return new ScramChallenge(attributes.from(0), nonce, salt, (int) iterations);
    }

    private static long number(String digits) {
        boolean decimal = digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits.isEmpty() || digits.length() > ITERATIONS_DIGITS_MAX || !decimal) {
            throw ScramAttributes.malformed();
        }
        return Long.parseLong(digits);
    }
}
