package io.pgring.proxy.config;

import java.util.Map;

/**
 * How long clients keep server connections; in the configuration file a part of the section {@code pool}.
 *
 * @param mode of all users but some
 * @param users the mode of some, by name
 */
public record PoolModes(PoolMode mode, Map<String, PoolMode> users) {
    /** Transaction mode for everybody. */
    public static final PoolModes DEFAULT = new PoolModes(PoolMode.TRANSACTION, Map.of());

    public PoolModes {
        users = Map.copyOf(users);
    }

    /** The mode of a user. */
    public PoolMode of(String user) {
        return users.getOrDefault(user, mode);
    }
}
