package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** uuid by its bytes. The text form has lower-case digits in fixed places, so it has the same order. */
record UuidOrder(int length) implements ValueOrder {
    static final UuidOrder TEXT = new UuidOrder(36);
    static final UuidOrder BINARY = new UuidOrder(16);

    @Override
    public int compare(ByteBuf left, int leftStart, int leftLength, ByteBuf right, int rightStart, int rightLength) {
        if (leftLength != length || rightLength != length) {
            throw MergeFailure.unreadable("uuid");
        }
        return Bytes.compare(left, leftStart, length, right, rightStart, length);
    }

    @Override
    public long abbreviate(ByteBuf value, int start, int valueLength) {
        if (valueLength != length) {
            throw MergeFailure.unreadable("uuid");
        }
        return Bytes.abbreviate(value, start, length);
    }
}
