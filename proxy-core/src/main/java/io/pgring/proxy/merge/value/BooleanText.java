package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** boolean in text format: t or f. */
final class BooleanText {
    private BooleanText() {}

    static long read(ByteBuf value, int start, int length) {
        byte letter = length == 1 ? value.getByte(start) : 0;
        if (letter != 't' && letter != 'f') {
            throw MergeFailure.unreadable("boolean");
        }
        return letter == 't' ? 1 : 0;
    }
}
