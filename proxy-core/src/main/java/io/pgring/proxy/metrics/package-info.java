/**
 * What is counted and timed, one object per concern. Written by one event loop, read by any thread.
 * Owns the numbers, not their presentation. Uses no other package of the proxy.
 */
@NullMarked
package io.pgring.proxy.metrics;

import org.jspecify.annotations.NullMarked;
