/**
 * What the user asked for: immutable, validated records and the one loader that reads them from {@code pgring.yaml}.
 *
 * <p>Owns: the keys of the configuration file, their defaults (constants {@code DEFAULT} of the records), their limits
 * (compact constructors) and the words of every complaint about them. A {@link io.pgring.proxy.config.Configuration}
 * that exists is valid, wherever it came from.
 *
 * <p>May use: Jackson's YAML parser, Guava, {@code hashring} for the default of the ring, {@code pgwire.auth} for the verifiers
 * of the users file. Nothing else of the proxy.
 */
@NullMarked
package io.pgring.proxy.config;

import org.jspecify.annotations.NullMarked;
