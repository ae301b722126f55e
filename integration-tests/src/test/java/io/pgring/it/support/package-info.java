/**
 * What the integration tests stand on: real PostgreSQL servers, a proxy in front of them, and real client programs.
 *
 * <pre>
 *   test ──► Cluster ──┬──► PgRing (in this JVM, free ports of loopback)
 *                      └──► Servers ──► EmbeddedServers | ContainerServers
 * </pre>
 *
 * Owns the one cluster that the test classes of a run share ({@link io.pgring.it.support.SharedCluster}), and its end. May use demo,
 * proxy-core and the JDK; knows nothing of any test.
 */
@NullMarked
package io.pgring.it.support;

import org.jspecify.annotations.NullMarked;
