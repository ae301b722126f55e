package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;

/** OFFSET, LIMIT, and how many rows went through. */
final class RowWindow {
    /** No limit. */
    static final long UNLIMITED = -1;

    private final long limit;
    private long toSkip;
    private long rows;

    RowWindow(long limit, long offset) {
        this.limit = limit < 0 ? Long.MAX_VALUE : limit;
        this.toSkip = Math.max(offset, 0);
    }

    /** A row comes: it is skipped or goes on to the sink. Borrows the body. */
    void onRow(RowSink sink, ByteBuf body, int columns) {
        if (toSkip > 0) {
            toSkip--;
        } else {
            sink.row(body, columns);
            rows++;
        }
    }

    /** Whether a row may come now. */
    boolean isOpen(RowSink sink, long rowsMax) {
        return rows < rowsMax && rows < limit && sink.isWritable();
    }

    boolean isLimitReached() {
        return rows >= limit;
    }

    long rows() {
        return rows;
    }
}
