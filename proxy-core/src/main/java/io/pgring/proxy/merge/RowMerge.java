package io.pgring.proxy.merge;

import org.jspecify.annotations.Nullable;

/**
 * The merge of the rows of one execution. Not thread-safe.
 *
 * <p>After a {@link io.pgring.proxy.merge.value.MergeFailure} or a {@link io.pgring.pgwire.ProtocolViolation} it must not be advanced
 * again: the statement has failed, perhaps behind some rows, as it may on one server.
 */
public interface RowMerge {
    /**
     * Moves rows from the sources to the sink until a source that must be looked at has none at hand, the sink is full, rowsMax
     * rows were moved in all, or all is done.
     *
     * @param rowsMax counted as {@link #rows()}, from the first advance on
     */
    void advance(RowSink sink, long rowsMax);

    /** All rows were moved, or the limit is reached; in the second case the sources may have rows that nobody wants. */
    boolean isDone();

    /** Rows moved to the sink so far. */
    long rows();

    /** A source has failed: no other rows than those that it has at hand need come before its error. */
    default void onFailure(RowSource failed) {}

    /** The source that the last advance waits for; null when it stopped for another reason. No other need be read meanwhile. */
    @Nullable
    RowSource awaited();
}
