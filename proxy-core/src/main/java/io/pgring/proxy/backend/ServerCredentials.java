package io.pgring.proxy.backend;

import io.pgring.proxy.config.ShardConfiguration;

/**
 * As whom to log in to a server.
 *
 * @param user a role
 * @param secret what can be proved as that role
 * @param clients whether it is a client's own user, not the one that the configuration has for the shard
 */
public record ServerCredentials(String user, ServerSecret secret, boolean clients) {
    /** The user of the configuration. */
    public static ServerCredentials configured(ShardConfiguration shard) {
        String password = shard.password();
        ServerSecret secret =
                password == null || password.isEmpty() ? new ServerSecret.None() : new ServerSecret.Password(password);
        return new ServerCredentials(shard.user(), secret, false);
    }

    /** A client's user. */
    public static ServerCredentials ofClient(String user, ServerSecret secret) {
        return new ServerCredentials(user, secret, true);
    }
}
