package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One source after the other. Rows are passed on unread. */
final class AppendMerge implements RowMerge {
    private final Iterator<RowSource> later;
    private final int columns;
    private final RowWindow window;
    private @Nullable RowSource current;
    private @Nullable RowSource awaited;

    AppendMerge(List<RowSource> sources, int columns, RowWindow window) {
        this.later = List.copyOf(sources).iterator();
        this.columns = columns;
        this.window = window;
        this.current = nextSource();
    }

    @Override
    public void advance(RowSink sink, long rowsMax) {
        awaited = null;
        RowSource source = current;
        while (source != null && window.isOpen(sink, rowsMax)) {
            ByteBuf body = source.head();
            if (body != null) {
                window.onRow(sink, body, columns);
                source.next();
            } else if (source.isEnded()) {
                source = nextSource();
                current = source;
            } else {
                awaited = source;
                return;
            }
        }
    }

    @Override
    public void onFailure(RowSource failed) {
        if (current != null && current.head() == null) {
            current = failed;
        }
    }

    @Override
    public boolean isDone() {
        return current == null || window.isLimitReached();
    }

    @Override
    public long rows() {
        return window.rows();
    }

    @Override
    public @Nullable RowSource awaited() {
        return awaited;
    }

    private @Nullable RowSource nextSource() {
        return later.hasNext() ? later.next() : null;
    }
}
