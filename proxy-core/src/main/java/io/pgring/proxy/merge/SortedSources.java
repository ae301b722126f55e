package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted sources as one: a binary heap of those that have a row at hand, the first row on top, rows that are equal in the order
 * of their sources. A source without a row at hand is out of the heap, and as long as there is one the top says nothing.
 */
final class SortedSources {
    private final RowOrder order;
    private final Head[] heap;
    private int heapSize;
    private final Head[] out;
    private int outSize;

    /** A source and its row. */
    private final class Head {
        private final RowSource source;
        private final int index;
        private final DataRowView row;
        private long abbreviated;

        private Head(RowSource source, int index, int columns) {
            this.source = source;
            this.index = index;
            this.row = new DataRowView(columns);
        }

        /** Reads the row at hand, if there is one. */
        private boolean look() {
            ByteBuf body = source.head();
            if (body == null) {
                return false;
            }
            row.wrap(body);
            abbreviated = order.abbreviate(row);
            return true;
        }
    }

    SortedSources(List<RowSource> sources, RowOrder order, int columns) {
        this.order = order;
        this.heap = new Head[sources.size()];
        this.out = new Head[sources.size()];
        // Looked at from the end, so that the first source is asked first.
        for (int i = sources.size() - 1; i >= 0; i--) {
            out[outSize++] = new Head(sources.get(i), i, columns);
        }
    }

    /** Looks at the sources that had no row at hand; gives the first that has none still, and null when the top is sure. */
    @Nullable
    RowSource look() {
        while (outSize > 0) {
            Head head = out[outSize - 1];
            if (head.look()) {
                heap[heapSize] = head;
                siftUp(heapSize++);
            } else if (!head.source.isEnded()) {
                return head.source;
            }
            outSize--;
        }
        return null;
    }

    /** No row is at hand; if no source is out of the heap either, all have ended. */
    boolean isEmpty() {
        return heapSize == 0;
    }

    /** The first of all rows. */
    DataRowView top() {
        return heap[0].row;
    }

    /** The number by which the order knows the first of all rows. */
    long topAbbreviated() {
        return heap[0].abbreviated;
    }

    /** Drops the first of all rows. */
    void next() {
        Head head = heap[0];
        head.source.next();
        if (!head.look()) {
            out[outSize++] = head;
            heap[0] = heap[--heapSize];
        }
        siftDown();
    }

    private boolean isBefore(Head left, Head right) {
        if (left.abbreviated != right.abbreviated) {
            return left.abbreviated < right.abbreviated;
        }
        int comparison = order.compare(left.row, right.row);
        return comparison < 0 || (comparison == 0 && left.index < right.index);
    }

    private void siftUp(int from) {
        int child = from;
        while (child > 0 && isBefore(heap[child], heap[(child - 1) / 2])) {
            swap(child, (child - 1) / 2);
            child = (child - 1) / 2;
        }
    }

    private void siftDown() {
        int parent = 0;
        while (2 * parent + 1 < heapSize) {
            int child = 2 * parent + 1;
            if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], heap[parent])) {
                return;
            }
            swap(child, parent);
            parent = child;
        }
    }

    private void swap(int i, int j) {
        Head head = heap[i];
        heap[i] = heap[j];
        heap[j] = head;
    }
}
