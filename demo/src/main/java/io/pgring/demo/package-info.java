/**
 * PostgreSQL servers that need no installation: for {@code pgring demo}, and for tests that want real ones.
 *
 * <p>Owns: the PostgreSQL programs (unpacked once for each user), the folders of the servers, their processes, and that
 * none outlives the program that started it. Knows nothing of what the servers are used for.
 *
 * <p>May use: {@code proxy.app} (it adds the command {@code demo}), {@code proxy.config}, JDBC.
 */
@NullMarked
package io.pgring.demo;

import org.jspecify.annotations.NullMarked;
