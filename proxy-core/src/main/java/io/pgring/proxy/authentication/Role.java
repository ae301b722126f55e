package io.pgring.proxy.authentication;

import io.pgring.pgwire.auth.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a user.
 *
 * @param secret null when he has no password, or there is no such user
 * @param canLogin false for a role that PostgreSQL lets nobody log in as
 * @param validUntilMillis when the password expires, in milliseconds since 1970
 */
public record Role(@Nullable Secret secret, boolean canLogin, long validUntilMillis) {
    /** There is no such user. He can't log in either way, but that is told after his password has been found wrong. */
    public static final Role UNKNOWN = new Role(null, true, Long.MAX_VALUE);

    /** One whose password does not expire. */
    static Role of(Secret secret) {
        return new Role(secret, true, Long.MAX_VALUE);
    }

    /** Whether the password, if there is one, is of no use any more. */
    public boolean isExpired() {
        return System.currentTimeMillis() >= validUntilMillis;
    }
}
