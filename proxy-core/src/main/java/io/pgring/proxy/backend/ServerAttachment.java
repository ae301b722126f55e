package io.pgring.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardFence;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a server, right after the login, for which proxy its process works and by which version of the topology: see {@link ShardFence}. One
 * round trip for each connection, and none for a statement.
 */
final class ServerAttachment extends ChannelInboundHandlerAdapter {
    /** There is no fence, or no right to it: rows can't be moved from or to the shard then. */
    private static final Set<String> UNFENCED = Set.of("3F000", "42883", "42P01", "42501");

    private final Shard shard;
    private final Outcome outcome;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private @Nullable Future<?> timeout;
    private @Nullable ErrorResponse error;
    private @Nullable DataRow lastRow;
    private boolean done;

    /** What the server says: exactly one call, on the event loop. */
    interface Outcome {
        /**
         * The connection can be used.
         *
         * @param fenced whether the server can tell it from those of other proxies
         * @param lowest version of the topology that it accepts; 0 without a fence
         */
        void onAttached(boolean fenced, long lowest);

        /** The proxy must first learn of a newer topology. The connection is closed. */
        void onOutdated();

        /** The connection is closed, and why. */
        void onFailed(ErrorResponse cause);
    }

    private ServerAttachment(Shard shard, Outcome outcome) {
        this.shard = shard;
        this.outcome = outcome;
    }

    /**
     * Asks the server.
     *
     * @param version of the placement by which the connection will be used
     * @param millisMax how long it may take
     */
    static void begin(Channel channel, Shard shard, UUID proxy, long version, long millisMax, Outcome outcome) {
        ServerAttachment attachment = new ServerAttachment(shard, outcome);
        channel.pipeline().addLast(attachment);
        ByteBuf out = channel.alloc().buffer();
        Query.of(ShardFence.attach(proxy, version)).encode(out);
        channel.writeAndFlush(out, channel.voidPromise());
        attachment.timeout = channel.eventLoop()
                .schedule(
                        () -> attachment.lose(channel, "The server has not answered in time."),
                        millisMax,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (done) {
            in.release();
            return;
        }
        unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in);
        try {
            while (!done && cursor.next(unread) && cursor.isWhole(unread)) {
                ByteBuf body = unread.slice(unread.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
                if (cursor.type() == BackendType.ERROR_RESPONSE) {
                    error = ErrorResponse.decode(body);
                } else if (cursor.type() == BackendType.DATA_ROW) {
                    lastRow = DataRow.decode(body);
                }
                boolean ready = cursor.type() == BackendType.READY_FOR_QUERY;
                cursor.advance(unread);
                if (ready) {
                    onReady(ctx);
                }
            }
        } catch (ProtocolViolation | IllegalArgumentException e) {
            lose(ctx.channel(), "The server gave no valid answer: " + e.getMessage() + ".");
        }
    }

    private void onReady(ChannelHandlerContext ctx) {
        ErrorResponse answer = error;
        long lowest = answer == null ? lowest() : 0;
        done = true;
        if (answer == null || UNFENCED.contains(answer.sqlState())) {
            ctx.pipeline().remove(this);
            outcome.onAttached(answer == null, lowest);
            return;
        }
        ctx.close();
        if (ShardFence.TOO_OLD.equals(answer.sqlState())) {
            outcome.onOutdated();
        } else {
            outcome.onFailed(ServerErrors.loginRefused(shard, answer));
        }
    }

    private long lowest() {
        byte[] value = lastRow == null ? null : lastRow.values()[0];
        if (value == null) {
            throw new IllegalArgumentException("pgring.lowest() has returned nothing");
        }
        return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lose(
                ctx.channel(),
                error == null ? "The server has closed the connection." : "The server says: " + error.message() + ".");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lose(ctx.channel(), "The connection failed: " + cause.getMessage() + ".");
    }

    private void lose(Channel channel, String reason) {
        if (!done) {
            done = true;
            channel.close();
            outcome.onFailed(ServerErrors.unreachable(shard, reason));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        unread.release();
        unread = Unpooled.EMPTY_BUFFER;
    }
}
