package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** Reads a value as a long, so that longs are in the order of the values. */
@FunctionalInterface
public interface LongReader {
    /**
     * Borrows the buffer; start is absolute.
     *
     * @throws MergeFailure when the value can't be read
     */
    long read(ByteBuf value, int start, int length);
}
