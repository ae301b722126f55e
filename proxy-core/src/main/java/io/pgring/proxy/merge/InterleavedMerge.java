package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in an order that is known before: each comes from the source that its place names. */
final class InterleavedMerge implements RowMerge {
    private final List<RowSource> sources;
    private final int[] order;
    private final int columns;
    private final RowWindow window = new RowWindow(RowWindow.UNLIMITED, 0);
    private int place;
    private @Nullable RowSource awaited;

    InterleavedMerge(List<RowSource> sources, int[] order, int columns) {
        this.sources = List.copyOf(sources);
        this.order = order;
        this.columns = columns;
    }

    @Override
    public void advance(RowSink sink, long rowsMax) {
        awaited = null;
        while (place < order.length && window.isOpen(sink, rowsMax)) {
            RowSource source = sources.get(order[place]);
            ByteBuf body = source.head();
            if (body != null) {
                window.onRow(sink, body, columns);
                source.next();
            } else if (!source.isEnded()) {
                awaited = source;
                return;
            }
            place++;
        }
    }

    @Override
    public boolean isDone() {
        return place == order.length;
    }

    @Override
    public long rows() {
        return window.rows();
    }

    @Override
    public @Nullable RowSource awaited() {
        return awaited;
    }
}
