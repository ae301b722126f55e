package io.pgring.proxy.merge;

import java.util.List;

/**
 * Groups that are sorted by their keys in each source: those of equal keys follow one another in the merged order and are combined.
 * One group is open at a time.
 *
 * <pre>
 *   source 1:  (a,1) (c,5)        merged:  (a,1) (a,2) │ (b,3) │ (c,5)       sent:  (a,3) (b,3) (c,5)
 *   source 2:  (a,2) (b,3)                 one group   │       │
 * </pre>
 */
final class GroupedMerge extends WindowedMerge {
    private final SortedSources sources;
    private final CombinedRow combined;
    private final HeldKeys group;
    private boolean open;

    GroupedMerge(List<RowSource> sources, RowOrder order, int columns, CombinedRow combined, RowWindow window) {
        super(window);
        this.sources = new SortedSources(sources, order, columns);
        this.combined = combined;
        this.group = new HeldKeys(order, columns);
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
                close(sink);
            } else {
                DataRowView row = sources.top();
                if (!group.isSame(row, sources.topAbbreviated())) {
                    close(sink);
                    group.hold(row, sources.topAbbreviated());
                    open = true;
                }
                combined.add(row);
                sources.next();
            }
        }
    }

    /** Moves the open group, if there is one. */
    private void close(RowSink sink) {
        if (open) {
            window.onRow(sink, combined.body(), combined.columns());
            combined.clear();
            open = false;
        }
    }
}
