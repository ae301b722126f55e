package io.pgring.pgwire.auth;

import io.pgring.pgwire.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802; PostgreSQL's fe-auth-scram.c). It names no user:
 * PostgreSQL takes the one of the StartupMessage.
 *
 * <pre>
 *   Started ── handleServerFirst ──► Challenged ── clientFinal ──► Proved ── handleServerFinal ──► Finished
 *   clientFirst()                    (derive keys: slow)
 * </pre>
 *
 * <p>Any other order throws IllegalStateException. The server has to prove that it knows the verifier: an AuthenticationOk
 * before {@link #isFinished()} must not be believed.
 */
public final class ScramClient {
    /** Above this a server is not asking for a password but for our CPU: some seconds of PBKDF2. */
    public static final int ITERATIONS_MAX = 10_000_000;

    private static final int NONCE_BYTES = 18;

    private sealed interface State {}

    private record Started(String nonce) implements State {
        String clientFirstBare() {
            return "n=,r=" + nonce;
        }
    }

    private record Challenged(String clientFirstBare, ScramChallenge challenge) implements State {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Proved(byte[] serverSignature) implements State {}

    private record Finished() implements State {}

    private final String password;
    private final Gs2Header header;
    private final @Nullable ChannelBinding binding;
    private State state;

    /**
     * A client that knows the password and binds to no channel.
     *
     * @throws IllegalArgumentException if the password is empty, which no PostgreSQL server accepts
     */
    public ScramClient(String password) {
        this(password, newNonce(), new Gs2Header('n'), null);
    }

    ScramClient(String password, String nonce, Gs2Header header, @Nullable ChannelBinding binding) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("the password is empty");
        }
        this.password = password;
        this.header = header;
        this.binding = binding;
        this.state = new Started(nonce);
    }

    /**
     * A client that knows the password and binds to the channel when the server offers that. When it does not, the client says so: a
     * server that has offered it then knows that somebody has kept its offer back.
     *
     * @param mechanisms that the server offers
     * @param binding of the connection
     */
    public static ScramClient binding(String password, List<String> mechanisms, ChannelBinding binding) {
        boolean offered = mechanisms.contains(ScramServer.MECHANISM_PLUS);
        return new ScramClient(password, newNonce(), new Gs2Header(offered ? 'p' : 'y'), binding);
    }

    /** Whether a server offers what a client without channel binding speaks. */
    public static boolean isOffered(List<String> mechanisms) {
        return mechanisms.contains(ScramServer.MECHANISM);
    }

    /** Whether the exchange is bound to the connection. */
    public boolean isBound() {
        return header.flag() == 'p';
    }

    /** The mechanism to select in SASLInitialResponse. */
    public String mechanism() {
        return isBound() ? ScramServer.MECHANISM_PLUS : ScramServer.MECHANISM;
    }

    /** The client-first-message, for SASLInitialResponse. */
    public byte[] clientFirst() {
        return bytes(header.text() + started().clientFirstBare());
    }

    /**
     * Takes the server-first-message from AuthenticationSASLContinue; says which keys it wants.
     *
     * @throws ProtocolViolation if it is malformed, does not continue our nonce, or asks for more than {@link #ITERATIONS_MAX}
     */
    public ScramChallenge handleServerFirst(byte[] serverFirst) {
        Started started = started();
        ScramChallenge challenge = ScramChallenge.parse(serverFirst, started.nonce(), ITERATIONS_MAX);
        state = new Challenged(started.clientFirstBare(), challenge);
        return challenge;
    }

    /** Derives the keys and returns the client-final-message, for SASLResponse. Takes milliseconds: not for an event loop. */
    public byte[] clientFinal() {
        ScramChallenge challenge = challenged().challenge();
        return clientFinal(ScramKeys.derive(password, challenge.salt(), challenge.iterations()));
    }

    /** The client-final-message from keys that were derived before, with the salt and iterations of the challenge. */
    public byte[] clientFinal(ScramKeys keys) {
        Challenged challenged = challenged();
        String withoutProof = "c=" + header.attribute(binding) + ",r="
                + challenged.challenge().nonce();
        byte[] authMessage = bytes(
                challenged.clientFirstBare() + "," + challenged.challenge().text() + "," + withoutProof);
        byte[] proof = Sha256.xor(keys.clientKey(), Sha256.hmac(keys.storedKey(), authMessage));
        state = new Proved(Sha256.hmac(keys.serverKey(), authMessage));
        return bytes(withoutProof + ",p=" + base64(proof));
    }

    /**
     * Takes the server-final-message from AuthenticationSASLFinal and checks the server's signature.
     *
     * @throws ProtocolViolation if it is malformed, or with SQLSTATE 28000 if the server refuses us or its signature is wrong
     */
    public void handleServerFinal(byte[] serverFinal) {
        if (!(state instanceof Proved proved)) {
            throw outOfOrder();
        }
        ScramAttributes attributes = new ScramAttributes(serverFinal);
        if (attributes.peek() == 'e') {
            throw new ProtocolViolation(ScramServer.INVALID_AUTHORIZATION, "server refused SCRAM authentication");
        }
        byte[] signature = ScramAttributes.base64(attributes.value('v'));
        if (!attributes.atEnd()) {
            throw ScramAttributes.malformed();
        }
        if (!MessageDigest.isEqual(signature, proved.serverSignature())) {
            throw new ProtocolViolation(ScramServer.INVALID_AUTHORIZATION, "incorrect server signature");
        }
        state = new Finished();
    }

    /** Whether the server has proved that it knows the verifier. */
    public boolean isFinished() {
        return state instanceof Finished;
    }

    private Started started() {
        if (state instanceof Started started) {
            return started;
        }
        throw outOfOrder();
    }

    private Challenged challenged() {
        if (state instanceof Challenged challenged) {
            return challenged;
        }
        throw outOfOrder();
    }

    private IllegalStateException outOfOrder() {
        return new IllegalStateException(
                "out of order in a SCRAM exchange: " + state.getClass().getSimpleName());
    }

    private static String newNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return base64(nonce);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }
}
