package io.pgring.proxy.frontend;

import io.pgring.pgwire.auth.ScramVerifier;
import java.security.SecureRandom;
import java.util.Map;

/** The users of the proxy and what it keeps of their passwords. For any thread. */
public final class Users {
    private static final int SECRET_BYTES = 32;

    private volatile Map<String, ScramVerifier> verifiers;
    private final byte[] mockSecret = new byte[SECRET_BYTES];

    /** @param verifiers by user name */
    public Users(Map<String, ScramVerifier> verifiers) {
        this.verifiers = Map.copyOf(verifiers);
        new SecureRandom().nextBytes(mockSecret);
    }

    /** From now on these are the users. Who has come in stays. */
    public void replace(Map<String, ScramVerifier> others) {
        verifiers = Map.copyOf(others);
    }

    /** The verifier of a user; for one who does not exist, one that no password fits, so that strangers learn nothing. */
    public ScramVerifier verifier(String user) {
        ScramVerifier verifier = verifiers.get(user);
        return verifier == null ? ScramVerifier.mock(user, mockSecret, ScramVerifier.DEFAULT_ITERATIONS) : verifier;
    }
}
