package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** Values by their bytes, each unsigned: bytea in binary format, and text under a collation that does so. */
final class BytesOrder implements ValueOrder {
    @Override
    public int compare(ByteBuf left, int leftStart, int leftLength, ByteBuf right, int rightStart, int rightLength) {
        return Bytes.compare(left, leftStart, leftLength, right, rightStart, rightLength);
    }

    @Override
    public long abbreviate(ByteBuf value, int start, int length) {
        return Bytes.abbreviate(value, start, length);
    }
}
