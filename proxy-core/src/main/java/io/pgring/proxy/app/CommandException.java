package io.pgring.proxy.app;

import org.jspecify.annotations.Nullable;

/** A command can't go on: one line on what is wrong, one on what to do, and the exit code. */
public final class CommandException extends Exception {
    private final int exitCode;
    private final @Nullable String hint;

    /**
     * @param message what is wrong, in lower case and without a full stop
     * @param hint a sentence on what to do, or null
     */
    public CommandException(String message, @Nullable String hint) {
        this(ExitCode.FAILED, message, hint, null);
    }

    /**
     * The same with an exit code of its own.
     *
     * @param exitCode one of {@link ExitCode}
     * @param cause the failure behind it (shown with {@code --verbose}), or null
     */
    public CommandException(int exitCode, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    /** A sentence on what to do. */
    public @Nullable String hint() {
        return hint;
    }
}
