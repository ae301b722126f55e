package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** The order of two values of one type in one format, neither of them NULL: as the server's default operator class has it. */
public interface ValueOrder {
    /**
     * Below 0 when left sorts first, above 0 when right does, 0 when they are equal. Borrows both buffers; starts are absolute.
     *
     * @throws MergeFailure when a value can't be read
     */
    int compare(ByteBuf left, int leftStart, int leftLength, ByteBuf right, int rightStart, int rightLength);

    /**
     * An abbreviated key, as in PostgreSQL's sorting: of two values the one with the smaller number sorts first. Equal numbers say
     * nothing. Borrows the buffer; start is absolute.
     *
     * @throws MergeFailure when the value can't be read
     */
    long abbreviate(ByteBuf value, int start, int length);
}
