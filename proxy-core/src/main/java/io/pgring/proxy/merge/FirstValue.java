package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;

/** A column that is equal in all rows of a group: the value of the first. */
final class FirstValue implements Accumulator {
    private final int column;
    private final HeldValue value = new HeldValue();

    FirstValue(int column) {
        this.column = column;
    }

    @Override
    public void add(DataRowView row) {
        if (!value.isHeld()) {
            value.hold(row, column);
        }
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
