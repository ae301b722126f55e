package io.pgring.proxy.reshard;

import org.jspecify.annotations.Nullable;

/** The shards of the ring can't be changed as wanted; its parts are fit for an ErrorResponse. */
public final class RingChangeException extends Exception {
    private final String sqlState;
    private final @Nullable String detail;
    private final @Nullable String hint;

    /**
     * @param sqlState five characters
     * @param message what is wrong, in lower case and without a full stop
     * @param detail sentences that say more, or null
     * @param hint a sentence on what to do, or null
     */
    public RingChangeException(String sqlState, String message, @Nullable String detail, @Nullable String hint) {
        super(message);
        this.sqlState = sqlState;
        this.detail = detail;
        this.hint = hint;
    }

    /** Five characters. */
    public String sqlState() {
        return sqlState;
    }

    /** Sentences that say more. */
    public @Nullable String detail() {
        return detail;
    }

    /** A sentence on what to do. */
    public @Nullable String hint() {
        return hint;
    }
}
