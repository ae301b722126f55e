package io.pgring.proxy.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.pgring.pgsql.spread.AggregateColumn;
import io.pgring.pgsql.spread.Combination;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.merge.DataRowView;
import io.pgring.proxy.merge.RowMerges;
import io.pgring.proxy.merge.RowSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes what the client gets, in pieces that are large enough. */
final class MergedRows implements RowSink {
    private static final int PIECE_BYTES = 32 * 1024;
    private static final int COUNT_BYTES = Short.BYTES;
    private static final int VARYING = -1;

    private final ReplySink client;
    private @Nullable ByteBuf piece;

    MergedRows(ReplySink client) {
        this.client = client;
    }

    @Override
    public void row(ByteBuf body, int columns) {
        int start = body.readerIndex();
        int count = body.getShort(start);
        int end = columns == count ? body.writerIndex() : DataRowView.prefixEnd(body, columns);
        int values = end - start - COUNT_BYTES;
        ByteBuf out = piece();
        out.writeByte(BackendType.DATA_ROW);
        out.writeInt(Integer.BYTES + COUNT_BYTES + values);
        out.writeShort(columns);
        out.writeBytes(body, start + COUNT_BYTES, values);
        if (out.readableBytes() >= PIECE_BYTES) {
            flush();
        }
    }

    /** Takes bodies of CopyData instead of rows. */
    RowSink asCopyData() {
        return new RowSink() {
            @Override
            public void row(ByteBuf body, int columns) {
                copyData(body);
            }

            @Override
            public boolean isWritable() {
                return client.isWritable();
            }
        };
    }

    private void copyData(ByteBuf body) {
        ByteBuf out = piece();
        out.writeByte(BackendType.COPY_DATA);
        out.writeInt(Integer.BYTES + body.readableBytes());
        out.writeBytes(body, body.readerIndex(), body.readableBytes());
        if (out.readableBytes() >= PIECE_BYTES) {
            flush();
        }
    }

    @Override
    public boolean isWritable() {
        return client.isWritable();
    }

    /** A message of the proxy's own, in its place among the rows. */
    void say(BackendMessage message) {
        message.encode(piece());
    }

    /** The same; an error does not take it back. */
    void sayAtOnce(BackendMessage message) {
        say(message);
        flush();
    }

    /** A notice: one that comes before rows that are held is told before them. */
    void notice(NoticeResponse notice, boolean first) {
        if (first) {
            ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
            notice.encode(out);
            client.write(out);
        } else {
            say(notice);
        }
    }

    /** What was encoded, and not handed on yet, is not for the client. */
    void drop() {
        if (piece != null) {
            piece.release();
            piece = null;
        }
    }

    /** Hands on what was encoded. */
    void flush() {
        ByteBuf out = piece;
        if (out != null) {
            piece = null;
            client.write(out);
        }
    }

    private ByteBuf piece() {
        ByteBuf out = piece;
        if (out == null) {
            out = ByteBufAllocator.DEFAULT.buffer(PIECE_BYTES / 4);
            piece = out;
        }
        return out;
    }

    /** The columns as the client sees them: without hidden ones, and with the types of combined values. */
    static RowDescription visible(RowDescription sent, Combination combination) {
        List<RowDescription.Field> fields = sent.fields();
        if (combination instanceof Combination.Ordered ordered) {
            return new RowDescription(fields.subList(0, fields.size() - ordered.hiddenColumns()));
        }
        if (combination instanceof Combination.Aggregated aggregated) {
            return combined(fields, aggregated.columns());
        }
        if (combination instanceof Combination.Grouped grouped) {
            return combined(fields, grouped.columns());
        }
        return sent;
    }

    private static RowDescription combined(List<RowDescription.Field> fields, List<AggregateColumn> columns) {
        int[] typeOids = fields.stream().mapToInt(RowDescription.Field::typeOid).toArray();
        List<RowDescription.Field> visible = new ArrayList<>(columns.size());
        for (AggregateColumn column : columns) {
            int index = column.column() < 0 ? fields.size() + column.column() : column.column();
            RowDescription.Field field = fields.get(index);
            int typeOid = RowMerges.typeOid(column, typeOids);
            visible.add(
                    typeOid == field.typeOid()
                            ? field
                            : new RowDescription.Field(field.name(), 0, 0, typeOid, VARYING, VARYING, field.format()));
        }
        return new RowDescription(visible);
    }
}
