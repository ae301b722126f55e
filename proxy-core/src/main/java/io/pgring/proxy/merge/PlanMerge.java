package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The plans of shards one after the other, with lines of the proxy's own among them. Rows have one column, a line. */
final class PlanMerge implements RowMerge {
    private static final byte[] INDENT = "  ".getBytes(StandardCharsets.US_ASCII);
    private static final int VALUE_START = Short.BYTES + Integer.BYTES;

    private final List<RowSource> sources;
    private final List<String> titles;
    private final Queue<String> own;
    private final RowWindow window = new RowWindow(RowWindow.UNLIMITED, 0);
    private int place;
    private @Nullable RowSource awaited;

    PlanMerge(List<RowSource> sources, List<String> header, List<String> titles) {
        this.sources = List.copyOf(sources);
        this.titles = titles;
        this.own = new ArrayDeque<>(header);
        sayTitle();
    }

    private void sayTitle() {
        if (place < titles.size()) {
            own.add(titles.get(place));
        }
    }

    @Override
    public void advance(RowSink sink, long rowsMax) {
        awaited = null;
        while (!isDone() && window.isOpen(sink, rowsMax)) {
            String line = own.poll();
            if (line != null) {
                window.onRow(sink, row(new byte[0], Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.UTF_8))), 1);
                continue;
            }
            RowSource source = sources.get(place);
            ByteBuf body = source.head();
            if (body != null) {
                window.onRow(sink, titles.isEmpty() ? body : indented(body), 1);
                source.next();
            } else if (source.isEnded()) {
                place++;
                sayTitle();
            } else {
                awaited = source;
                return;
            }
        }
    }

    private static ByteBuf indented(ByteBuf body) {
        int start = body.readerIndex() + VALUE_START;
        return row(INDENT, body.slice(start, body.writerIndex() - start));
    }

    private static ByteBuf row(byte[] prefix, ByteBuf line) {
        int length = prefix.length + line.readableBytes();
        return Unpooled.buffer(VALUE_START + length)
                .writeShort(1)
                .writeInt(length)
                .writeBytes(prefix)
                .writeBytes(line);
    }

    @Override
    public boolean isDone() {
        return place == sources.size() && own.isEmpty();
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
