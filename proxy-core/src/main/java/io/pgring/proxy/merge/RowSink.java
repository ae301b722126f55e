package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;

/** Where merged rows go. */
public interface RowSink {
    /**
     * One row: the first columns of a DataRow's body, which may have more. {@link DataRowView#prefixEnd} says where they end.
     * Borrows the body, for this call alone.
     */
    void row(ByteBuf body, int columns);

    /** Whether it takes more now; if not the merge stops, and goes on at the next advance. */
    boolean isWritable();
}
