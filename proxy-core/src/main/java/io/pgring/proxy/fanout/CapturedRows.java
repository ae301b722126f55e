package io.pgring.proxy.fanout;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.pgwire.framing.MessageCursor;

/** Takes the rows of a task that is a step towards the client's reply. What else the shards say goes to the client. */
public final class CapturedRows implements ReplySink {
    private final Taker taker;
    private final ReplySink client;

    /** What becomes of the rows. May throw a {@link io.pgring.proxy.merge.value.MergeFailure}, with which the task fails. */
    public interface Taker {
        /** The columns, before the first row. */
        void onDescription(RowDescription description);

        /** The body of a DataRow, all readable bytes; borrowed. */
        void onRow(ByteBuf body);
    }

    public CapturedRows(Taker taker, ReplySink client) {
        this.taker = taker;
        this.client = client;
    }

    @Override
    public void write(ByteBuf messages) {
        try {
            while (messages.isReadable()) {
                byte type = messages.readByte();
                ByteBuf body = messages.readSlice(messages.readInt() - Integer.BYTES);
                switch (type) {
                    case BackendType.DATA_ROW -> taker.onRow(body);
                    case BackendType.ROW_DESCRIPTION -> taker.onDescription(RowDescription.decode(body));
                    default -> client.write(whole(messages, body));
                }
            }
        } finally {
            messages.release();
        }
    }

    private static ByteBuf whole(ByteBuf messages, ByteBuf body) {
        int length = MessageCursor.HEADER_BYTES + body.readableBytes();
        return messages.retainedSlice(messages.readerIndex() - length, length);
    }

    @Override
    public boolean isWritable() {
        return true;
    }
}
