package io.pgring.proxy.authentication;

import io.pgring.pgwire.auth.ScramVerifier;
import io.pgring.pgwire.auth.Secret;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What all clients are judged by. The settings can be replaced while clients come in: each login is judged by those that it began with.
 * For any thread.
 */
public final class Authenticator implements AutoCloseable {
    private static final int SECRET_BYTES = 32;
    private static final int MD5_HEX_DIGITS = 32;

    private volatile AuthenticationSettings settings;
    private final RoleQuery roles;
    private final Executor blocking;
    private final FailedLogins failedLogins = new FailedLogins();
    /** Stays when the settings change, or a stranger's salt would change with them. */
    private final byte[] mockSecret = new byte[SECRET_BYTES];

    /** @param blocking runs what takes milliseconds */
    public Authenticator(AuthenticationSettings settings, RoleQuery roles, Executor blocking) {
        this.settings = settings;
        this.roles = roles;
        this.blocking = blocking;
        new SecureRandom().nextBytes(mockSecret);
    }

    /** The settings of the moment. */
    public AuthenticationSettings settings() {
        return settings;
    }

    /** Clients that come in from now on are judged by other rules, with other secrets. Those who are in stay. */
    public void replace(AuthenticationSettings next) {
        settings = next;
    }

    /** What is known of a user: what the users file says, or what the home shard says if it is asked. */
    public CompletableFuture<Role> role(AuthenticationSettings by, String user) {
        Secret listed = by.users().get(user);
        String query = by.clients().authQuery();
        if (listed != null || query == null) {
            return CompletableFuture.completedFuture(listed == null ? Role.UNKNOWN : Role.of(listed));
        }
        return roles.find(query, user);
    }

    /** The verifier of a role; for one who has none, one that no password fits, so that strangers learn nothing. */
    public ScramVerifier verifier(Role role, String user) {
        Secret secret = role.isExpired() ? null : role.secret();
        if (secret instanceof Secret.Scram scram) {
            return scram.verifier();
        }
        return secret instanceof Secret.Plain plain ? plain.verifier() : mockVerifier(user);
    }

    private ScramVerifier mockVerifier(String user) {
        return ScramVerifier.mock(user, mockSecret, ScramVerifier.DEFAULT_ITERATIONS);
    }

    /** What an md5 answer is compared with; for a role without such a secret, a hash that no password has. */
    public String md5Secret(Role role, String user) {
        Secret secret = role.isExpired() ? null : role.secret();
        if (secret instanceof Secret.Md5 md5) {
            return md5.stored();
        }
        if (secret instanceof Secret.Plain plain) {
            return plain.password();
        }
        String digits = HexFormat.of().formatHex(mockVerifier(user).storedKey());
        return "md5" + digits.substring(0, MD5_HEX_DIGITS);
    }

    /** Compares a password, away from the event loops. A stranger's takes as long as a user's. */
    public CompletableFuture<Boolean> fits(Role role, String user, String password) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        try {
            blocking.execute(() -> answer.complete(fitsNow(role, user, password)));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private boolean fitsNow(Role role, String user, String password) {
        @Nullable Secret secret = role.isExpired() ? null : role.secret();
        if (secret == null || secret instanceof Secret.Md5) {
            boolean never = mockVerifier(user).fits(password);
            return !never && secret != null && secret.fits(user, password);
        }
        return secret.fits(user, password);
    }

    /** Whether nothing more is heard from an address for a while. */
    public boolean hasFailedTooOften(InetAddress address) {
        return failedLogins.areTooMany(address, settings().clients());
    }

    /** A wrong password has come. */
    public void onFailure(InetAddress address, String user) {
        failedLogins.add(address, settings().clients());
        roles.forget(user);
    }

    @Override
    public void close() {
        roles.close();
    }
}
