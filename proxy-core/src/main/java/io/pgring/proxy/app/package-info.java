/**
 * The program: the command line, and the composition root that builds, starts, drains and stops a proxy.
 *
 * <p>Owns: {@link io.pgring.proxy.app.Main} and its commands, exit codes, what is printed on the terminal, shutdown. Other
 * modules add commands as {@link io.pgring.proxy.app.CommandProvider} services.
 *
 * <p>May use: everything; nothing uses it.
 */
@NullMarked
package io.pgring.proxy.app;

import org.jspecify.annotations.NullMarked;
