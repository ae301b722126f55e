package io.pgring.proxy.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.pgring.pgsql.copy.CopyCommand.Format;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.frontend.CopyDone;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.copy.CopyFailure;
import io.pgring.proxy.copy.CopyRowSplitter;
import io.pgring.proxy.copy.CopyRows;
import io.pgring.proxy.routing.CopyPlacement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The copy data of a client on its way to the shards. Each row goes to the shard of its key, gathered with others in pieces that are
 * worth a message; data for all shards goes to each as it comes. What is wrong with it fails the whole.
 */
public final class CopyInput implements CopyRows {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int HEADER_BYTES = MessageCursor.HEADER_BYTES;

    private final FanOut owner;
    private final List<ShardRun> runs;
    private final Reply.CopiedIn reply;
    /** Null when every shard gets all the data. */
    private final @Nullable CopyRowSplitter splitter;

    private final @Nullable ByteBuf[] pieces;
    private long row;

    /** @param runs one for each shard, by its index */
    CopyInput(FanOut owner, List<ShardRun> runs, Reply.CopiedIn reply) {
        this.owner = owner;
        this.runs = runs;
        this.reply = reply;
        this.pieces = new ByteBuf[runs.size()];
        this.splitter = reply.placement() == null ? null : CopySplitters.splitter(reply, runs, this);
    }

    /** Whether all shards take more; if one doesn't, {@link FanOutListener#onFanOutWritable} is called when it does again. */
    public boolean isWritable() {
        for (ShardRun run : runs) {
            ServerConnection server = run.server();
            if (server != null && !server.isWritable()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The body of a CopyData, or a part of it.
     *
     * @param data borrowed, all its readable bytes
     */
    public void onCopyData(ByteBuf data) {
        if (splitter == null) {
            runs.forEach(run -> sendAsItIs(run, data));
            return;
        }
        try {
            splitter.feed(data);
            sendAll();
        } catch (CopyFailure failure) {
            owner.fail(error(failure));
        } catch (CopyRefusal refusal) {
            leaveToShards(refusal);
        }
    }

    /** A row has no shard. Any shard can say what PostgreSQL finds wrong with it; what it stores is not to stay. */
    private void leaveToShards(CopyRefusal refusal) {
        finish();
        owner.failUnlessShardsDo(inLine(refusal.error(), row));
    }

    /** CopyDone. */
    public void onCopyDone() {
        try {
            if (splitter != null) {
                splitter.end();
            }
        } catch (CopyFailure failure) {
            owner.fail(error(failure));
            return;
        } catch (CopyRefusal refusal) {
            leaveToShards(refusal);
            return;
        }
        finish();
    }

    private void finish() {
        sendAll();
        for (ShardRun run : runs) {
            ServerConnection server = run.server();
            if (server != null) {
                new CopyDone().encode(server.gather());
            }
        }
    }

    /** CopyFail: the shards say so, too. */
    public void onCopyFail(String reason) {
        runs.forEach(run -> run.failCopy(reason));
    }

    /** Gives up what is held. */
    void close() {
        for (int i = 0; i < pieces.length; i++) {
            ByteBuf piece = pieces[i];
            if (piece != null) {
                pieces[i] = null;
                piece.release();
            }
        }
    }

    // ---- rows -------------------------------------------------------------------------------------------------------

    @Override
    public void onHeader(ByteBuf header) {
        toAll(header);
        if (reply.command().format() != Format.BINARY) {
            row++;
        }
    }

    @Override
    public void onRow(ByteBuf bytes, @Nullable ByteBuf key) {
        row++;
        CopyPlacement placement = Objects.requireNonNull(reply.placement());
        int shard = placement.shardOf(key, reply.command().format() == Format.BINARY);
        if (shard < 0) {
            append(0, bytes);
            throw new CopyRefusal(placement.refusal(key));
        }
        append(shard, bytes);
    }

    @Override
    public void onEnd(ByteBuf marker) {
        toAll(marker);
    }

    private void toAll(ByteBuf bytes) {
        for (int i = 0; i < pieces.length; i++) {
            append(i, bytes);
        }
    }

    private void append(int index, ByteBuf bytes) {
        ByteBuf piece = pieces[index];
        if (piece == null) {
            piece = ByteBufAllocator.DEFAULT.buffer(PIECE_BYTES + PIECE_BYTES / 4);
            piece.writeByte(FrontendType.COPY_DATA).writeInt(0);
            pieces[index] = piece;
        }
        piece.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        if (piece.readableBytes() >= PIECE_BYTES) {
            send(index);
        }
    }

    /** The shards are to see at once what has come: an error may be in it. */
    private void sendAll() {
        for (int i = 0; i < pieces.length; i++) {
            send(i);
        }
    }

    private void send(int index) {
        ByteBuf piece = pieces[index];
        if (piece == null) {
            return;
        }
        pieces[index] = null;
        int length = piece.readableBytes();
        piece.setInt(1, length - 1);
        ServerConnection server = runs.get(index).server();
        if (server != null) {
            server.write(piece, 0, length);
        }
        piece.release();
    }

    private static void sendAsItIs(ShardRun run, ByteBuf data) {
        ServerConnection server = run.server();
        int length = data.readableBytes();
        if (server != null && length > 0) {
            server.gather().writeByte(FrontendType.COPY_DATA).writeInt(HEADER_BYTES - 1 + length);
            server.write(data, data.readerIndex(), length);
        }
    }

    // ---- errors -----------------------------------------------------------------------------------------------------

    private ErrorResponse error(CopyFailure failure) {
        ErrorResponse error = ErrorResponse.error(failure.sqlState(), failure.getMessage());
        return inLine(failure.hint() == null ? error : error.hint(failure.hint()), failure.row());
    }

    private ErrorResponse inLine(ErrorResponse error, long number) {
        return error.where("COPY " + reply.command().table() + ", line " + number);
    }
}
