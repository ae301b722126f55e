package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** One column of a row that is made of several. */
interface Accumulator {
    /** What encodes NULL in place of a length. */
    int NULL = -1;

    /** Adds the value of one shard. Borrows the row. */
    void add(DataRowView row);

    /** Appends the length and the value, as a DataRow has them. Borrows the buffer. */
    void encode(ByteBuf out);

    /** Forgets the values. */
    void clear();

    /** Appends a short text with its length. */
    static void encodeText(String ascii, ByteBuf out) {
        out.writeInt(ascii.length());
        out.writeCharSequence(ascii, StandardCharsets.US_ASCII);
    }
}
