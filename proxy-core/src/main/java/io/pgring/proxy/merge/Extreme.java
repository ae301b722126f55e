package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.merge.value.ValueOrder;

/** min or max of the values that are not NULL; NULL when there is none. */
final class Extreme implements Accumulator {
    private final int column;
    private final ValueOrder order;
    private final boolean largest;
    private final HeldValue value = new HeldValue();

    Extreme(int column, ValueOrder order, boolean largest) {
        this.column = column;
        this.order = order;
        this.largest = largest;
    }

    @Override
    public void add(DataRowView row) {
        if (!row.isNull(column) && (!value.isPresent() || isBetter(row))) {
            value.hold(row, column);
        }
    }

    private boolean isBetter(DataRowView row) {
        ByteBuf held = value.bytes();
        int comparison = order.compare(
                row.body(), row.start(column), row.length(column), held, held.readerIndex(), held.readableBytes());
        return largest ? comparison > 0 : comparison < 0;
    }

    @Override
    public void encode(ByteBuf out) {
        value.encode(out);
    }

    @Override
    public void clear() {
        value.clear();
    }
}
