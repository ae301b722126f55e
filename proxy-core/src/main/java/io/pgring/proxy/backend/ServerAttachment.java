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
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a server, right after the login, for which proxy its process works and by which version of the topology: see {@link ShardFence}. One
 * round trip for each connection, and none for a statement.
 *
 * <p>The server may have crashed, and other clients may know that a transaction is committed of which it still holds a prepared part. A
 * connection is not used before such parts are gone, or are in doubt. Usually they are those of commits that just go on.
 */
final class ServerAttachment extends ChannelInboundHandlerAdapter {
    /** There is no fence, or no right to it: rows can't be moved from or to the shard then. */
    private static final Set<String> UNFENCED = Set.of("3F000", "42883", "42P01", "42501");

    private static final int LOOK_AGAIN_MILLIS = 20;
    /** When they could not be ended. */
    private static final int TRY_AGAIN_MILLIS = 200;

    private static final int PART_COLUMNS = 2;
    private static final String UNENDED = "Committed transactions are not finished on it yet.";

    private final Shard shard;
    private final LeftParts leftParts;
    private final Outcome outcome;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private @Nullable Future<?> timeout;
    private @Nullable ErrorResponse error;
    private @Nullable DataRow lastRow;
    private final Set<String> left = new HashSet<>();
    private boolean allOld;
    private boolean hasFoundParts;
    private long lowest;
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

    ServerAttachment(Shard shard, LeftParts leftParts, Outcome outcome) {
        this.shard = shard;
        this.leftParts = leftParts;
        this.outcome = outcome;
    }

    /** Asks the server; see {@link Attachments}. */
    void begin(Channel channel, UUID proxy, long version, long millisMax) {
        channel.pipeline().addLast(this);
        ask(channel, ShardFence.attach(proxy, version));
        timeout = channel.eventLoop().schedule(() -> onTimeout(channel), millisMax, TimeUnit.MILLISECONDS);
    }

    private void ask(Channel channel, String query) {
        left.clear();
        allOld = true;
        ByteBuf out = channel.alloc().buffer();
        Query.of(query).encode(out);
        channel.writeAndFlush(out, channel.voidPromise());
    }

    private void onTimeout(Channel channel) {
        lose(channel, hasFoundParts ? UNENDED : "The server has not answered in time.");
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
                    onRow(DataRow.decode(body));
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

    private void onRow(DataRow row) {
        if (row.values().length < PART_COLUMNS) {
            lastRow = row;
        } else {
            left.add(text(row.values()[0]));
            allOld &= text(row.values()[1]).equals("t");
        }
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private void onReady(ChannelHandlerContext ctx) {
        ErrorResponse answer = error;
        if (answer != null) {
            onRefused(ctx, answer);
            return;
        }
        lowest = lowest();
        if (left.isEmpty()) {
            onAttached(ctx.channel(), true);
        } else {
            onLeft(ctx.channel());
        }
    }

    /** A commit that goes on ends them within a second. */
    private void onLeft(Channel channel) {
        hasFoundParts = true;
        if (!allOld) {
            lookAgain(channel, LOOK_AGAIN_MILLIS);
            return;
        }
        leftParts
                .end(shard, Set.copyOf(left))
                .exceptionally(failure -> false)
                .thenAcceptAsync(mayUse -> onEnded(channel, mayUse), channel.eventLoop());
    }

    private void lookAgain(Channel channel, int millis) {
        Runnable look = () -> {
            if (!done) {
                ask(channel, ShardFence.LEFT_PARTS);
            }
        };
        channel.eventLoop().schedule(look, millis, TimeUnit.MILLISECONDS);
    }

    private void onEnded(Channel channel, boolean mayUse) {
        if (!mayUse) {
            lookAgain(channel, TRY_AGAIN_MILLIS);
        } else if (!done) {
            onAttached(channel, true);
        }
    }

    private void onAttached(Channel channel, boolean fenced) {
        done = true;
        channel.pipeline().remove(this);
        outcome.onAttached(fenced, lowest);
    }

    private void onRefused(ChannelHandlerContext ctx, ErrorResponse answer) {
        if (UNFENCED.contains(answer.sqlState())) {
            onAttached(ctx.channel(), false);
            return;
        }
        done = true;
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
        return Long.parseLong(text(value));
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
