package io.pgring.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in.
 *
 * @param authentication how clients prove who they are
 * @param usersFile names and verifiers, needed by {@link AuthenticationMethod#SCRAM_SHA_256}; see {@link UsersFile}
 * @param trustBeyondLoopback allows {@link AuthenticationMethod#TRUST} on an address that other machines can reach
 */
public record Clients(
        AuthenticationMethod authentication, @Nullable Path usersFile, boolean trustBeyondLoopback) {
    /** Trust, on loopback only. */
    public static final Clients DEFAULT = new Clients(AuthenticationMethod.TRUST, null, false);

    public Clients {
        if (authentication == AuthenticationMethod.SCRAM_SHA_256 && usersFile == null) {
            throw new InvalidValueException("usersFile", "is needed when clients.authentication is scram-sha-256");
        }
    }
}
