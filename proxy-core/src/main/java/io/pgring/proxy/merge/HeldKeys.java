package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.proxy.merge.value.MergeFailure;

/**
 * A copy of the sort keys of the last row that was taken from sorted sources, because the row itself is dropped before the next is
 * seen. It tells groups apart, and notices a shard whose order is not the one that it was asked for: then a merge would be wrong.
 */
final class HeldKeys {
    private final RowOrder order;
    private final DataRowView keys;
    /** Heap memory. */
    private final ByteBuf bytes = Unpooled.buffer();

    private boolean held;
    private long abbreviated;

    HeldKeys(RowOrder order, int columns) {
        this.order = order;
        this.keys = new DataRowView(columns);
    }

    /** Borrows the row. */
    void hold(DataRowView row, long rowAbbreviated) {
        abbreviated = rowAbbreviated;
        bytes.clear();
        keys.copy(row, order.columns(), bytes);
        held = true;
    }

    /**
     * Whether the next row, borrowed, has the same keys.
     *
     * @param nextAbbreviated what the order makes of that row
     * @throws MergeFailure when it should have come before
     */
    boolean isSame(DataRowView next, long nextAbbreviated) {
        if (!held || abbreviated < nextAbbreviated) {
            return false;
        }
        int comparison = abbreviated > nextAbbreviated ? 1 : order.compare(keys, next);
        if (comparison > 0) {
            throw MergeFailure.unexpected("a shard sent rows in an unexpected order");
        }
        return comparison == 0;
    }
}
