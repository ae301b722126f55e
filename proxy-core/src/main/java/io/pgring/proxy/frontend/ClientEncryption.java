package io.pgring.proxy.frontend;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a client's connection that is encrypted.
 *
 * @param commonName of the client's certificate, which has been verified; null when the client has shown none
 */
public record ClientEncryption(@Nullable String commonName) {}
