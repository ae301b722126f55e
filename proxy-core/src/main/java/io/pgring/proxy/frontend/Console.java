package io.pgring.proxy.frontend;

import io.pgring.pgwire.backend.ErrorResponse;
import java.util.List;

/** What administrators say to the proxy itself, in a database that no server has: {@link io.pgring.proxy.config.Configuration#CONSOLE_DATABASE}. */
public interface Console {
    /**
     * Reads commands.
     *
     * @param text commands with semicolons between them
     * @throws Refusal when any of them is none
     */
    List<ConsoleCommand> read(byte[] text) throws Refusal;

    /** A command that is not understood, or not carried out. */
    final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        private final transient ErrorResponse error;

        /** @param error what the administrator is told */
        public Refusal(ErrorResponse error) {
            super(error.toString());
            this.error = error;
        }

        ErrorResponse error() {
            return error;
        }
    }
}
