package io.pgring.proxy.app;

import java.util.ServiceLoader;

/**
 * Adds a command to {@code pgring}; found with {@link ServiceLoader}, so that a module that depends on this one can add
 * its own without a cycle.
 */
public interface CommandProvider {
    /** A new object with picocli's {@code @Command} annotation, whose {@code call} gives an {@link ExitCode}. */
    Object command();
}
