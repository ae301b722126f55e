package io.pgring.proxy.config;

import java.util.Locale;

/** How long a client keeps a server connection. */
public enum PoolMode {
    /** For a transaction, and longer only while something is left in its session. */
    TRANSACTION,
    /** Until the client is gone. */
    SESSION;

    /** The word in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
