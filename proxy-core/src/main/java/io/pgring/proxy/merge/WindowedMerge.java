package io.pgring.proxy.merge;

import org.jspecify.annotations.Nullable;

/** A merge that looks at all sources, and of whose rows a window goes on. */
abstract class WindowedMerge implements RowMerge {
    final RowWindow window;
    /** All rows were moved. */
    boolean ended;

    @Nullable
    RowSource awaited;

    WindowedMerge(RowWindow window) {
        this.window = window;
    }

    @Override
    public final boolean isDone() {
        return ended || window.isLimitReached();
    }

    @Override
    public final long rows() {
        return window.rows();
    }

    @Override
    public final @Nullable RowSource awaited() {
        return awaited;
    }
}
