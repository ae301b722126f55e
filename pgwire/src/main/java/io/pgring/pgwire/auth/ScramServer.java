package io.pgring.pgwire.auth;

import io.pgring.pgwire.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802; PostgreSQL's auth-scram.c). No PBKDF2 here: each step
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
    /** SQLSTATE invalid_authorization_specification. */
    String INVALID_AUTHORIZATION = "28000";
    /** The name of the mechanism with channel binding. */
    String MECHANISM_PLUS = "SCRAM-SHA-256-PLUS";

    /** Begins an exchange with a new nonce, without channel binding. */
    static AwaitingClientFirst start(ScramVerifier verifier) {
        return start(verifier, null);
    }

    /**
     * Begins an exchange with a new nonce.
     *
     * @param binding of the connection; null when the client can't be offered any
     */
    static AwaitingClientFirst start(ScramVerifier verifier, @Nullable ChannelBinding binding) {
        byte[] nonce = new byte[AwaitingClientFirst.NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return new AwaitingClientFirst(verifier, Base64.getEncoder().encodeToString(nonce), binding);
    }

    /**
     * The client is to speak first.
     *
     * @param verifier of the user's password
     * @param serverNonce our part of the nonce: printable ASCII without commas
     * @param binding of the connection; null when the client is offered none
     */
    record AwaitingClientFirst(
            ScramVerifier verifier,
            String serverNonce,
            @Nullable ChannelBinding binding) implements ScramServer {
        private static final int NONCE_BYTES = 18;

        /** The mechanisms to offer, the best first. */
        public List<String> mechanisms() {
            return binding == null ? List.of(MECHANISM) : List.of(MECHANISM_PLUS, MECHANISM);
        }

        /**
         * Takes the client-first-message.
         *
         * @param mechanism that the client has selected
         * @throws ProtocolViolation if it is malformed, asks for what we don't offer (another identity, extensions), does not fit the
         *     mechanism, or with SQLSTATE 28000 if somebody has kept our offer of channel binding from the client
         */
        public AwaitingClientFinal handleClientFirst(String mechanism, byte[] clientFirst) {
            if (!mechanisms().contains(mechanism)) {
                throw new ProtocolViolation("client selected an invalid SASL authentication mechanism");
            }
            ScramFirstMessage first = ScramFirstMessage.parse(clientFirst);
            checkBinding(mechanism.equals(MECHANISM_PLUS), first.header().flag());
            String nonce = first.nonce() + serverNonce;
            String serverFirst = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(verifier.salt()) + ",i="
                    + verifier.iterations();
            return new AwaitingClientFinal(this, first, nonce, serverFirst);
        }

        private void checkBinding(boolean plus, char flag) {
            if (plus && flag != 'p') {
                throw new ProtocolViolation("client selected SCRAM-SHA-256-PLUS without channel binding data");
            }
            if (!plus && flag == 'p') {
                throw new ProtocolViolation("client selected SCRAM-SHA-256 with channel binding data");
            }
            if (flag == 'y' && binding != null) {
                throw new ProtocolViolation(INVALID_AUTHORIZATION, "SCRAM channel binding negotiation error");
            }
        }
    }

    /**
     * The client is to prove that it knows the password.
     *
     * @param started the step before
     * @param clientFirst what the client said
     * @param nonce both parts
     * @param serverFirstText what we answered
     */
    record AwaitingClientFinal(
            AwaitingClientFirst started, ScramFirstMessage clientFirst, String nonce, String serverFirstText)
            implements ScramServer {
        /** The server-first-message, to be sent in AuthenticationSASLContinue. */
        public byte[] serverFirst() {
            return serverFirstText.getBytes(StandardCharsets.ISO_8859_1);
        }

        /**
         * Takes the client-final-message.
         *
         * @throws ProtocolViolation if it is malformed, belongs to another exchange or to another connection
         */
        public Finished handleClientFinal(byte[] clientFinal) {
            ScramFinalMessage last = ScramFinalMessage.parse(clientFinal);
            if (!last.channelBinding().equals(clientFirst.header().attribute(started.binding()))) {
                throw clientFirst.header().flag() == 'p'
                        ? new ProtocolViolation(INVALID_AUTHORIZATION, "SCRAM channel binding check failed")
                        : new ProtocolViolation("unexpected SCRAM channel-binding attribute in client-final-message");
            }
            ScramVerifier verifier = started.verifier();
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
