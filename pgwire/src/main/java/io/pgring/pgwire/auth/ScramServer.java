package io.pgring.pgwire.auth;

import io.pgring.pgwire.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The server's side of SCRAM-SHA-256 without channel binding (RFC 5802; PostgreSQL's auth-scram.c). No PBKDF2 here: each step
 * takes microseconds.
 *
 * <pre>
 *   start ──► AwaitingClientFirst ── handleClientFirst ──► AwaitingClientFinal ── handleClientFinal ──┬─► Authenticated
 *                                     serverFirst()                                                   └─► Rejected
 * </pre>
 *
 * <p>A message that breaks the protocol throws a {@link ProtocolViolation} that ends the connection; a wrong password is
 * {@link Rejected}, which the caller reports as 28P01. The user's name in the first message is ignored, as PostgreSQL does: the
 * StartupMessage has it.
 */
public sealed interface ScramServer {
    /** The mechanism's name. */
    String MECHANISM = "SCRAM-SHA-256";

    /** Begins an exchange with a new nonce. */
    static AwaitingClientFirst start(ScramVerifier verifier) {
        byte[] nonce = new byte[AwaitingClientFirst.NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return new AwaitingClientFirst(verifier, Base64.getEncoder().encodeToString(nonce));
    }

    /**
     * The client is to speak first.
     *
     * @param verifier of the user's password
     * @param serverNonce our part of the nonce: printable ASCII without commas
     */
    record AwaitingClientFirst(ScramVerifier verifier, String serverNonce) implements ScramServer {
        private static final int NONCE_BYTES = 18;

        /**
         * Takes the client-first-message.
         *
         * @throws ProtocolViolation if it is malformed or asks for what we don't offer (channel binding, another identity,
         *     extensions)
         */
        public AwaitingClientFinal handleClientFirst(byte[] clientFirst) {
            ScramFirstMessage first = ScramFirstMessage.parse(clientFirst);
            String nonce = first.nonce() + serverNonce;
            String serverFirst = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(verifier.salt()) + ",i="
                    + verifier.iterations();
            return new AwaitingClientFinal(verifier, first, nonce, serverFirst);
        }
    }

    /**
     * The client is to prove that it knows the password.
     *
     * @param verifier of the user's password
     * @param clientFirst what the client said
     * @param nonce both parts
     * @param serverFirstText what we answered
     */
    record AwaitingClientFinal(
            ScramVerifier verifier, ScramFirstMessage clientFirst, String nonce, String serverFirstText)
            implements ScramServer {
        /** The server-first-message, to be sent in AuthenticationSASLContinue. */
        public byte[] serverFirst() {
            return serverFirstText.getBytes(StandardCharsets.ISO_8859_1);
        }

        /**
         * Takes the client-final-message.
         *
         * @throws ProtocolViolation if it is malformed or belongs to another exchange
         */
        public Finished handleClientFinal(byte[] clientFinal) {
            ScramFinalMessage last = ScramFinalMessage.parse(clientFinal);
            if (!last.channelBinding().equals(clientFirst.expectedChannelBinding())) {
                throw new ProtocolViolation("unexpected SCRAM channel-binding attribute in client-final-message");
            }
            if (!last.nonce().equals(nonce)) {
                throw new ProtocolViolation("invalid SCRAM response: nonce does not match");
            }
            byte[] authMessage = (clientFirst.bare() + "," + serverFirstText + "," + last.withoutProof())
                    .getBytes(StandardCharsets.ISO_8859_1);
            byte[] clientSignature = Sha256.hmac(verifier.storedKey(), authMessage);
            byte[] clientKey = Sha256.xor(last.proof(), clientSignature);
            if (!MessageDigest.isEqual(Sha256.hash(clientKey), verifier.storedKey())) {
                return new Rejected();
            }
            byte[] serverSignature = Sha256.hmac(verifier.serverKey(), authMessage);
            String serverFinal = "v=" + Base64.getEncoder().encodeToString(serverSignature);
            return new Authenticated(serverFinal, new ScramKeys(clientKey, verifier.serverKey()));
        }
    }

    /** The exchange is over. */
    sealed interface Finished extends ScramServer {}

    /**
     * The client knows the password.
     *
     * @param serverFinalText proves that we know the verifier
     * @param keys enough to log in, as this user, to a server whose verifier has the same salt and iteration count
     */
    record Authenticated(String serverFinalText, ScramKeys keys) implements Finished {
        /** The server-final-message, to be sent in AuthenticationSASLFinal. */
        public byte[] serverFinal() {
            return ScramKeys.ascii(serverFinalText);
        }
    }

    /** The client does not know the password: 28P01. */
    record Rejected() implements Finished {}
}
