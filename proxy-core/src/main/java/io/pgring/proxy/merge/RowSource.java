package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The rows of one shard, in the order in which it sends them. */
public interface RowSource {
    /** The body of the next DataRow, all its readable bytes; borrowed until {@link #next()}. Null when none is at hand. */
    @Nullable
    ByteBuf head();

    /** Drops the row at the head, of which there is one. */
    void next();

    /** No row will come anymore: the head is null and stays so. */
    boolean isEnded();
}
