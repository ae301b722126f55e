package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exactly one row of each source, combined into one row. */
final class AggregatedMerge implements RowMerge {
    private final Iterator<RowSource> later;
    private final DataRowView row;
    private final CombinedRow combined;
    private final RowWindow window;
    private @Nullable RowSource current;
    private boolean currentHasSent;
    private boolean moved;
    private @Nullable RowSource awaited;

    AggregatedMerge(List<RowSource> sources, int columns, CombinedRow combined, RowWindow window) {
        this.later = List.copyOf(sources).iterator();
        this.row = new DataRowView(columns);
        this.combined = combined;
        this.window = window;
        this.current = later.next();
    }

    @Override
    public void advance(RowSink sink, long rowsMax) {
        awaited = null;
        if (window.isLimitReached()) {
            return;
        }
        while (current != null) {
            ByteBuf body = current.head();
            if (body != null) {
                add(body, current);
            } else if (current.isEnded()) {
                end();
            } else {
                awaited = current;
                return;
            }
        }
        if (!moved && window.isOpen(sink, rowsMax)) {
            window.onRow(sink, combined.body(), combined.columns());
            moved = true;
        }
    }

    private void add(ByteBuf body, RowSource source) {
        if (currentHasSent) {
            throw CombinedRow.notOneRow();
        }
        row.wrap(body);
        combined.add(row);
        source.next();
        currentHasSent = true;
    }

    private void end() {
        if (!currentHasSent) {
            throw CombinedRow.notOneRow();
        }
        current = later.hasNext() ? later.next() : null;
        currentHasSent = false;
    }

    @Override
    public boolean isDone() {
        return moved || window.isLimitReached();
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
