package io.pgring.proxy.distribution;

import org.jspecify.annotations.Nullable;

/** A table can't be distributed or brought home; message and hint are fit for an ErrorResponse. */
public final class DistributionException extends Exception {
    private final @Nullable String hint;

    /**
     * @param message what is wrong, in lower case and without a full stop
     * @param hint a sentence on what to do, or null
     */
    public DistributionException(String message, @Nullable String hint) {
        this(message, hint, null);
    }

    /** The same, with the failure behind it. */
    public DistributionException(String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** A sentence on what to do. */
    public @Nullable String hint() {
        return hint;
    }
}
