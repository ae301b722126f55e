package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;

/** A byte array for the text of the statement at hand, reused by all clients of an event loop. */
public final class TextBuffer {
    private static final int KEPT_BYTES_MAX = 64 * 1024;

    private byte[] bytes = new byte[4096];

    /** Copies a text into the array, from its begin. The array is valid until the next call. */
    byte[] read(ByteBuf in, int index, int length) {
        if (length > KEPT_BYTES_MAX) {
            byte[] large = new byte[length];
            in.getBytes(index, large);
            return large;
        }
        if (length > bytes.length) {
            bytes = new byte[KEPT_BYTES_MAX];
        }
        in.getBytes(index, bytes, 0, length);
        return bytes;
    }
}
