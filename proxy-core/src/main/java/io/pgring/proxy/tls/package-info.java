/**
 * Certificates, keys and what Netty makes of them: one immutable set of contexts for clients and shards that can be read anew while
 * connections go on ({@link io.pgring.proxy.tls.TlsContexts}), and what a failed handshake means in words. BoringSSL does the
 * work when netty-tcnative-boringssl-static is on the class path, else the Java runtime. Owns no connection. May use config, pgwire
 * and Netty's TLS.
 */
@NullMarked
package io.pgring.proxy.tls;

import org.jspecify.annotations.NullMarked;
