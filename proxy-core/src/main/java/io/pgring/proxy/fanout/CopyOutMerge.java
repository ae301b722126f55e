package io.pgring.proxy.fanout;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.copy.CopyCommand;
import io.pgring.pgsql.copy.CopyCommand.Format;
import io.pgring.proxy.merge.RowMerge;
import io.pgring.proxy.merge.RowSink;
import io.pgring.proxy.merge.RowSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The copy data of all shards, one shard after the other, as if one server had sent it (src/backend/commands/copyto.c). Of a line of
 * column names and of the header and the trailer of the binary format there is one alone.
 *
 * <pre>
 *   binary, each shard:   header + first row │ row │ ... │ trailer      or   header + trailer
 * </pre>
 */
final class CopyOutMerge implements RowMerge {
    /** Signature, flags, and the length of an extension, which PostgreSQL never has. */
    private static final int BINARY_HEADER_BYTES = 11 + 2 * Integer.BYTES;

    private static final int TRAILER = -1;

    private final List<? extends RowSource> sources;
    private final boolean binary;
    private final boolean header;
    private int current;
    private boolean begun;
    private long rows;

    /** @param command null when there is one source, whose data goes on as it is */
    CopyOutMerge(List<? extends RowSource> sources, @Nullable CopyCommand command) {
        this.sources = sources;
        this.binary = command != null && command.format() == Format.BINARY;
        this.header = command != null && command.header() && !binary;
    }

    @Override
    public void advance(RowSink sink, long rowsMax) {
        while (!isDone() && sink.isWritable()) {
            RowSource source = sources.get(current);
            ByteBuf data = source.head();
            if (data != null) {
                move(data, sink);
                source.next();
            } else if (source.isEnded()) {
                current++;
                begun = false;
            } else {
                return;
            }
        }
    }

    private void move(ByteBuf data, RowSink sink) {
        boolean first = !begun;
        begun = true;
        int start = data.readerIndex();
        int length = data.readableBytes();
        if (first && current > 0 && header) {
            return;
        }
        int skipped = first && current > 0 && binary ? Math.min(BINARY_HEADER_BYTES, length) : 0;
        boolean last = current == sources.size() - 1;
        boolean trailer = binary && endsWithTrailer(data, start, length, first);
        int kept = length - skipped - (trailer && !last ? Short.BYTES : 0);
        if (kept > 0) {
            sink.row(data.slice(start + skipped, kept), 0);
            rows++;
        }
    }

    /** A row has the number of its columns in front, never the trailer's. */
    private static boolean endsWithTrailer(ByteBuf data, int start, int length, boolean first) {
        int front = first ? BINARY_HEADER_BYTES : 0;
        return length == front + Short.BYTES && data.getShort(start + front) == TRAILER;
    }

    @Override
    public boolean isDone() {
        return current == sources.size();
    }

    /** Messages, which are rows but for what stands before and behind them. */
    @Override
    public long rows() {
        return rows;
    }

    @Override
    public @Nullable RowSource awaited() {
        return isDone() ? null : sources.get(current);
    }
}
