package io.pgring.proxy.admin;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server answers to one execution of a statement that returns a row at most: everything up to ReadyForQuery, in
 * pieces of any size. Belongs to one event loop.
 */
final class ReplyReader {
    private final int messageBytesMax;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private boolean parsed;
    private boolean ready;
    private boolean row;
    private @Nullable String value;
    private @Nullable ErrorResponse error;

    /** @param messageBytesMax a row that is larger is thrown away as it comes, and becomes an error */
    ReplyReader(int messageBytesMax) {
        this.messageBytesMax = messageBytesMax;
    }

    /** Another execution begins. */
    void begin() {
        parsed = false;
        ready = false;
        row = false;
        value = null;
        error = null;
    }

    /** Whether the server knows the statement now. */
    boolean isParsed() {
        return parsed;
    }

    /** Whether the answer is complete. */
    boolean isReady() {
        return ready;
    }

    /** The first error of the answer so far. */
    @Nullable
    ErrorResponse error() {
        return error;
    }

    /**
     * The answer, when it is complete.
     *
     * @param shard who gave it
     */
    KeyValueReply reply(@Nullable String shard) {
        ErrorResponse failure = error;
        if (failure != null) {
            return new KeyValueReply.Failed(shard, failure);
        }
        return row ? new KeyValueReply.Row(shard, value) : new KeyValueReply.NoRow(shard);
    }

    /** @param messages taken: the next bytes of the answer */
    void read(ByteBuf messages) {
        unread = MERGE_CUMULATOR.cumulate(ByteBufAllocator.DEFAULT, unread, messages);
        while (unread.isReadable()) {
            if (cursor.inside()) {
                cursor.advanceInside(unread);
            } else if (!cursor.next(unread) || !readMessage()) {
                break;
            }
        }
        if (!unread.isReadable()) {
            release();
        }
    }

    /** @return whether it was consumed */
    private boolean readMessage() {
        if (!cursor.isWhole(unread)) {
            if (cursor.length() <= messageBytesMax) {
                return false;
            }
            error = ErrorResponse.error("54000", "row is too large for the key-value API")
                    .detail("It has " + cursor.length() + " bytes, and limits.messageBytesMax is " + messageBytesMax
                            + ".")
                    .hint("Read it through the PostgreSQL port, which passes on rows of any size.");
        } else {
            onMessage(unread.slice(unread.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength()));
        }
        cursor.advance(unread);
        return true;
    }

    private void onMessage(ByteBuf body) {
        switch (cursor.type()) {
            case BackendType.PARSE_COMPLETE -> parsed = true;
            case BackendType.DATA_ROW -> onDataRow(DataRow.decode(body));
            case BackendType.ERROR_RESPONSE -> error = error == null ? ErrorResponse.decode(body) : error;
            case BackendType.READY_FOR_QUERY -> ready = true;
            default -> {}
        }
    }

    private void onDataRow(DataRow decoded) {
        byte[] first = decoded.values()[0];
        row = true;
        value = first == null ? null : new String(first, StandardCharsets.UTF_8);
    }

    /** Lets go of bytes that were not read. */
    void release() {
        unread.release();
        unread = Unpooled.EMPTY_BUFFER;
    }
}
