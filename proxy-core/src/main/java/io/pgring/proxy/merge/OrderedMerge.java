package io.pgring.proxy.merge;

import java.util.List;

/** The first of the first rows of all sources, again and again. */
final class OrderedMerge extends WindowedMerge {
    private final SortedSources sources;
    private final int visibleColumns;
    private final HeldKeys last;

    OrderedMerge(List<RowSource> sources, RowOrder order, int columns, int hiddenColumns, RowWindow window) {
        super(window);
        this.sources = new SortedSources(sources, order, columns);
        this.visibleColumns = columns - hiddenColumns;
        this.last = new HeldKeys(order, columns);
    }

    @Override
    public void advance(RowSink sink, long rowsMax) {
        awaited = null;
        while (!ended && window.isOpen(sink, rowsMax)) {
            awaited = sources.look();
            if (awaited != null) {
                return;
            }
            if (sources.isEmpty()) {
                ended = true;
            } else {
                DataRowView row = sources.top();
                if (!last.isSame(row, sources.topAbbreviated())) {
                    last.hold(row, sources.topAbbreviated());
                }
                window.onRow(sink, row.body(), visibleColumns);
                sources.next();
            }
        }
    }
}
