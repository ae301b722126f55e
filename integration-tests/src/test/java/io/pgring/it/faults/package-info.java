/**
 * What goes wrong around the proxy: servers that stop, are killed or want another login, clients that vanish, don't read or send
 * rubbish, crowds. Nobody may see the rows, the errors or the transaction of somebody else, and nothing may stay behind.
 *
 * <p>May use {@code io.pgring.it.support}, {@code io.pgring.it.wire} and the JDK; test sources only.
 */
@NullMarked
package io.pgring.it.faults;

import org.jspecify.annotations.NullMarked;
