package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A copy of one value, NULL or not, in memory that is used again. */
final class HeldValue {
    /** Heap memory. */
    private final ByteBuf bytes = Unpooled.buffer();

    private boolean held;
    private boolean isNull;

    boolean isHeld() {
        return held;
    }

    /** Whether a value is held that is not NULL. */
    boolean isPresent() {
        return held && !isNull;
    }

    void hold(DataRowView row, int column) {
        held = true;
        isNull = row.isNull(column);
        bytes.clear();
        if (!isNull) {
            bytes.writeBytes(row.body(), row.start(column), row.length(column));
        }
    }

    void clear() {
        held = false;
    }

    /** The bytes of a value that is not NULL; lent. */
    ByteBuf bytes() {
        return bytes;
    }

    /** Appends the length and the value; NULL when none is held. */
    void encode(ByteBuf out) {
        if (isPresent()) {
            out.writeInt(bytes.readableBytes()).writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        } else {
            out.writeInt(Accumulator.NULL);
        }
    }
}
