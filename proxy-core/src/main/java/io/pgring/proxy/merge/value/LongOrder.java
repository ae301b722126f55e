package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** Values that a long can stand for. */
record LongOrder(LongReader reader) implements ValueOrder {
    @Override
    public int compare(ByteBuf left, int leftStart, int leftLength, ByteBuf right, int rightStart, int rightLength) {
        return Long.compare(reader.read(left, leftStart, leftLength), reader.read(right, rightStart, rightLength));
    }

    @Override
    public long abbreviate(ByteBuf value, int start, int length) {
        return reader.read(value, start, length);
    }
}
