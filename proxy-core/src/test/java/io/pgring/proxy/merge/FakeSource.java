package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.backend.DataRow;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that arrive when the test says so. What was dropped is overwritten, so that nobody can still look at it. */
final class FakeSource implements RowSource {
    private final Deque<ByteBuf> arrived = new ArrayDeque<>();
    private final Deque<DataRow> onTheirWay = new ArrayDeque<>();
    private boolean complete;

    /** A source whose rows have all arrived. */
    static FakeSource of(DataRow... rows) {
        FakeSource source = withoutRows(List.of(rows));
        source.arrive(rows.length + 1);
        return source;
    }

    /** A source whose rows are still to come. */
    static FakeSource withoutRows(Collection<DataRow> rows) {
        FakeSource source = new FakeSource();
        source.onTheirWay.addAll(rows);
        return source;
    }

    /** Some rows arrive, and behind the last one the end. */
    void arrive(int count) {
        for (int i = 0; i < count; i++) {
            DataRow row = onTheirWay.poll();
            if (row == null) {
                complete = true;
                return;
            }
            ByteBuf message = Unpooled.buffer();
            row.encode(message);
            arrived.add(message.skipBytes(5));
        }
    }

    @Override
    public @Nullable ByteBuf head() {
        return arrived.peek();
    }

    @Override
    public void next() {
        ByteBuf dropped = arrived.remove();
        dropped.setBytes(0, new byte[dropped.capacity()]);
    }

    @Override
    public boolean isEnded() {
        return complete && arrived.isEmpty();
    }
}
