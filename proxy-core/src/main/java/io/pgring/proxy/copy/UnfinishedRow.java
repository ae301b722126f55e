package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The first bytes of a row whose rest has not arrived, and the number of that row. */
final class UnfinishedRow {
    private final int rowBytesMax;
    /** Heap memory. */
    private final ByteBuf bytes = Unpooled.buffer();

    private long number = 1;

    UnfinishedRow(int rowBytesMax) {
        this.rowBytesMax = rowBytesMax;
    }

    boolean isEmpty() {
        return !bytes.isReadable();
    }

    int length() {
        return bytes.readableBytes();
    }

    ByteBuf bytes() {
        return bytes;
    }

    /** The number of the current row, from 1. */
    long number() {
        return number;
    }

    void append(ByteBuf chunk, int start, int length) {
        require((long) length() + length);
        bytes.writeBytes(chunk, start, length);
    }

    /**
     * The whole row, which ends with these bytes; lent until the next call.
     *
     * @return a slice of the chunk, or the bytes held here
     */
    ByteBuf complete(ByteBuf chunk, int start, int length) {
        if (isEmpty()) {
            require(length);
            return chunk.slice(start, length);
        }
        append(chunk, start, length);
        return bytes;
    }

    /** Goes on to the next row. */
    void next() {
        bytes.clear();
        number++;
    }

    /** Forgets the bytes of what was no row. */
    void restart() {
        bytes.clear();
    }

    /** Fails when a row of such a length is too large. */
    void require(long length) {
        if (length > rowBytesMax) {
            throw CopyFailure.rowTooLarge(rowBytesMax, number);
        }
    }
}
