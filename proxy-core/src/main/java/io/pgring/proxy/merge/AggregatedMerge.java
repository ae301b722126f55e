package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exactly one row of each source, combined into one row. */
final class AggregatedMerge extends WindowedMerge {
    private final Iterator<RowSource> later;
    private final DataRowView row;
    private final CombinedRow combined;
    private @Nullable RowSource current;
    private boolean currentHasSent;

    AggregatedMerge(List<RowSource> sources, int columns, CombinedRow combined, RowWindow window) {
        super(window);
        this.later = List.copyOf(sources).iterator();
        this.row = new DataRowView(columns);
        this.combined = combined;
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
        if (!ended && window.isOpen(sink, rowsMax)) {
            window.onRow(sink, combined.body(), combined.columns());
            ended = true;
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
}
