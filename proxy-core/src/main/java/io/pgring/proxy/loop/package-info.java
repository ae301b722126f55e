/**
 * What belongs to one event loop and to nobody else: the queue of channels that have something to flush.
 * Owns no protocol and no policy. May use Netty alone.
 */
@NullMarked
package io.pgring.proxy.loop;

import org.jspecify.annotations.NullMarked;
