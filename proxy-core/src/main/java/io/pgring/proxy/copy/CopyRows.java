package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Who gets the rows of a COPY. All buffers are borrowed, for the call alone; their readable bytes count. */
public interface CopyRows {
    /** What comes before the rows, for every shard: a line of column names, or the header of the binary format. */
    void onHeader(ByteBuf header);

    /**
     * One row with its line end, if it has one.
     *
     * @param key the value of the key column without quotes and escapes, or in the binary format of its type; null for NULL
     */
    void onRow(ByteBuf row, @Nullable ByteBuf key);

    /**
     * The mark behind the rows, for every shard, which knows whether it is complete. Data without one is complete as well; what
     * follows it in text or csv is ignored.
     */
    void onEnd(ByteBuf marker);
}
