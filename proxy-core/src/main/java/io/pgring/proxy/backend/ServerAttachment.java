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
import io.pgring.proxy.topology.GlobalTransaction;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardFence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a server, right after the login, for which proxy its process works and by which version of the topology: see {@link ShardFence}. Usually
 * that is one round trip for each connection, and none for a statement.
 *
 * <p>The server may have crashed, and clients may know that a transaction is committed of which it still holds a prepared part. So it is
 * asked for these too. The connection is not used before those that were there are gone, or nobody can tell what becomes of them:
 *
 * <pre>
 *   attach, parts ──► none ─────────────────────────────► attached
 *                 └─► some: looked at again for a second ──► gone: attached
 *                                                       └─► LeftParts.end ──► attached, or looked at again until the time is up
 * </pre>
 */
final class ServerAttachment extends ChannelInboundHandlerAdapter {
    /** There is no fence, or no right to it: rows can't be moved from or to the shard then. */
    private static final Set<String> UNFENCED = Set.of("3F000", "42883", "42P01", "42501");

    private static final int LOOK_AGAIN_MILLIS = 20;
    /** How often parts of commits that just go on are waited for. */
    private static final int LOOKS_MAX = 50;
    /** When they could not be ended. */
    private static final int TRY_AGAIN_MILLIS = 200;

    private static final String UNENDED = "Committed transactions are not finished on it yet.";

    private final Shard shard;
    private final LeftParts leftParts;
    private final Outcome outcome;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private @Nullable Future<?> timeout;
    /** What the answer has had up to now. */
    private @Nullable ErrorResponse error;

    private final List<String> firstColumn = new ArrayList<>();
    private boolean accepted;
    private boolean fenced;
    private long lowest;
    /** Parts that were there at the first look and at all others. */
    private @Nullable Set<String> left;

    private int looks;
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
        ask(channel, ShardFence.attach(proxy, version), GlobalTransaction.PREPARED);
        timeout = channel.eventLoop().schedule(() -> onTimeout(channel), millisMax, TimeUnit.MILLISECONDS);
    }

    private static void ask(Channel channel, String... queries) {
        ByteBuf out = channel.alloc().buffer();
        for (String query : queries) {
            Query.of(query).encode(out);
        }
        channel.writeAndFlush(out, channel.voidPromise());
    }

    private void onTimeout(Channel channel) {
        lose(channel, looks > LOOKS_MAX ? UNENDED : "The server has not answered in time.");
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
                    firstColumn.add(text(DataRow.decode(body).values()[0]));
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

    private static String text(byte @Nullable [] value) {
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private void onReady(ChannelHandlerContext ctx) {
        if (accepted) {
            onParts(ctx.channel());
        } else {
            onAnswer(ctx);
        }
        error = null;
        firstColumn.clear();
    }

    private void onAnswer(ChannelHandlerContext ctx) {
        ErrorResponse answer = error;
        fenced = answer == null;
        accepted = fenced || isUnfenced(answer);
        if (answer == null) {
            lowest = lowest();
        } else if (!accepted) {
            done = true;
            ctx.close();
            if (ShardFence.TOO_OLD.equals(answer.sqlState())) {
                outcome.onOutdated();
            } else {
                outcome.onFailed(ServerErrors.loginRefused(shard, answer));
            }
        }
    }

    private static boolean isUnfenced(@Nullable ErrorResponse answer) {
        return answer != null && UNFENCED.contains(answer.sqlState());
    }

    private long lowest() {
        if (firstColumn.isEmpty()) {
            throw new IllegalArgumentException("pgring.lowest() has returned nothing");
        }
        return Long.parseLong(firstColumn.get(firstColumn.size() - 1));
    }

    private void onParts(Channel channel) {
        if (error != null && !isUnfenced(error)) {
            lose(channel, says(error));
            return;
        }
        Set<String> before = left;
        Set<String> now = new HashSet<>(firstColumn);
        if (before != null) {
            now.retainAll(before);
        }
        left = now;
        looks++;
        if (now.isEmpty()) {
            onAttached(channel);
        } else if (looks <= LOOKS_MAX) {
            lookAgain(channel, LOOK_AGAIN_MILLIS);
        } else {
            leftParts
                    .end(shard, Set.copyOf(now))
                    .exceptionally(failure -> false)
                    .thenAcceptAsync(mayUse -> onEnded(channel, mayUse), channel.eventLoop());
        }
    }

    private void lookAgain(Channel channel, int millis) {
        Runnable look = () -> {
            if (!done) {
                ask(channel, GlobalTransaction.PREPARED);
            }
        };
        channel.eventLoop().schedule(look, millis, TimeUnit.MILLISECONDS);
    }

    private void onEnded(Channel channel, boolean mayUse) {
        if (done) {
            return;
        }
        if (error != null) {
            lose(channel, says(error));
        } else if (mayUse) {
            onAttached(channel);
        } else {
            lookAgain(channel, TRY_AGAIN_MILLIS);
        }
    }

    private void onAttached(Channel channel) {
        done = true;
        channel.pipeline().remove(this);
        outcome.onAttached(fenced, lowest);
    }

    private static String says(ErrorResponse error) {
        return "The server says: " + error.message() + ".";
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lose(ctx.channel(), error == null ? "The server has closed the connection." : says(error));
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
