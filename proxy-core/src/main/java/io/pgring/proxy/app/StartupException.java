package io.pgring.proxy.app;

import org.jspecify.annotations.Nullable;

/** The server can't start, for a reason that the user can mend: one line on what is wrong and one on what to do. */
public final class StartupException extends Exception {
    private final @Nullable String hint;

    /**
     * @param message what is wrong, in lower case and without a full stop
     * @param hint a sentence on what to do, or null
     */
    public StartupException(String message, @Nullable String hint) {
        this(message, hint, null);
    }

    /** The same, with the failure behind it (shown with {@code --verbose}). */
    public StartupException(String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** A sentence on what to do. */
    public @Nullable String hint() {
        return hint;
    }
}
