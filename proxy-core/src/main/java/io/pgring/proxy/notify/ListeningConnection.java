package io.pgring.proxy.notify;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NotificationResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.backend.ServerConnector;
import io.pgring.proxy.backend.ServerErrors;
import io.pgring.proxy.backend.ServerSession;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a shard that does nothing but listen. Commands are sent one behind another, and answered in that order.
 *
 * <pre>
 *   CONNECTING ──► OPEN ──► OVER      lost, refused or closed: all commands fail, and none can follow
 * </pre>
 *
 * Belongs to one event loop.
 */
final class ListeningConnection extends ChannelInboundHandlerAdapter implements ServerConnector.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningConnection.class);

    /** The server must not end a session that only waits; the name is for whoever looks at pg_stat_activity. */
    private static final String PREPARATION =
            "SELECT pg_catalog.set_config(name, CASE name WHEN 'application_name' THEN"
                    + " 'pgring notifications' ELSE '0' END, false) FROM pg_catalog.pg_settings"
                    + " WHERE name OPERATOR(pg_catalog.=) 'application_name'"
                    + " OR name OPERATOR(pg_catalog.=) 'idle_session_timeout'"
                    + " OR name OPERATOR(pg_catalog.=) 'statement_timeout'";

    /** What the owner is told. */
    interface Owner {
        /** Somebody has notified a channel. */
        void onNotification(NotificationResponse notification);

        /** The connection is over, though nobody has closed it. */
        void onLost(ListeningConnection connection, ErrorResponse error);
    }

    private final Shard shard;
    private final Owner owner;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private final ArrayDeque<Consumer<@Nullable ErrorResponse>> asked = new ArrayDeque<>();
    private final ArrayDeque<String> unsent = new ArrayDeque<>();
    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private @Nullable Channel channel;
    private @Nullable ErrorResponse error;
    private boolean pingUnanswered;
    private boolean over;

    private ListeningConnection(Shard shard, Owner owner) {
        this.shard = shard;
        this.owner = owner;
    }

    /** Begins to connect. */
    static ListeningConnection open(Shard shard, EventLoop loop, ServerConnector connector, Owner owner) {
        ListeningConnection connection = new ListeningConnection(shard, owner);
        connection.run(PREPARATION, failure -> {});
        connector.connect(shard, loop, connection);
        return connection;
    }

    /**
     * Runs a command when those before it have been run.
     *
     * @param done told at the end: null when it was done
     */
    void run(String command, Consumer<@Nullable ErrorResponse> done) {
        if (over) {
            done.accept(ServerErrors.unreachable(shard, "The connection that listens is closed."));
            return;
        }
        asked.add(done);
        if (channel == null) {
            unsent.add(command);
        } else {
            send(channel, command);
        }
    }

    /** Sees whether the server answers. One that has not answered since the last time is given up. */
    void ping() {
        if (pingUnanswered) {
            end(ServerErrors.unreachable(shard, "The connection that listens does not answer any more."));
        } else {
            pingUnanswered = true;
            run("", failure -> pingUnanswered = false);
        }
    }

    private static void send(Channel to, String command) {
        ByteBuf out = to.alloc().buffer();
        Query.of(command).encode(out);
        to.writeAndFlush(out, to.voidPromise());
    }

    @Override
    public void onLoggedIn(ServerSession session) {
        if (over) {
            session.channel().close();
            return;
        }
        channel = session.channel();
        session.channel().pipeline().addLast(this);
        unsent.forEach(command -> send(session.channel(), command));
        unsent.clear();
    }

    @Override
    public void onFailed(ErrorResponse cause) {
        end(cause);
    }

    /** Ends it without telling the owner. */
    void close() {
        over = true;
        if (channel != null) {
            channel.close();
        }
        failAll(ServerErrors.unreachable(shard, "The connection that listens was closed."));
    }

    private void failAll(ErrorResponse cause) {
        Consumer<@Nullable ErrorResponse> next;
        while ((next = asked.poll()) != null) {
            next.accept(cause);
        }
    }

    private void end(ErrorResponse cause) {
        if (over) {
            return;
        }
        over = true;
        if (channel != null) {
            channel.close();
        }
        LOG.info("the connection that listens is lost shard={} error=\"{}\"", shard.name(), cause.message());
        owner.onLost(this, cause);
        failAll(cause);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        unread = MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, (ByteBuf) message);
        try {
            while (!over && cursor.next(unread) && cursor.isWhole(unread)) {
                byte type = cursor.type();
                ByteBuf body = unread.slice(unread.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
                cursor.advance(unread);
                onMessage(type, body);
            }
        } catch (ProtocolViolation violation) {
            end(ServerErrors.unreachable(shard, "The server broke the protocol: " + violation.getMessage() + "."));
        } finally {
            if (!unread.isReadable() || over) {
                unread.release();
                unread = Unpooled.EMPTY_BUFFER;
            }
        }
    }

    private void onMessage(byte type, ByteBuf body) {
        switch (type) {
            case BackendType.NOTIFICATION_RESPONSE -> owner.onNotification(NotificationResponse.decode(body));
            case BackendType.ERROR_RESPONSE -> error = ErrorResponse.decode(body);
            case BackendType.READY_FOR_QUERY -> {
                ErrorResponse answer = error;
                error = null;
                Consumer<@Nullable ErrorResponse> done = asked.poll();
                if (done == null) {
                    throw new ProtocolViolation("ReadyForQuery that nobody has asked for");
                }
                done.accept(answer);
            }
            default -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ErrorResponse farewell = error;
        end(ServerErrors.unreachable(
                shard,
                farewell == null
                        ? "The server closed the connection that listens."
                        : "The server said " + farewell.sqlState() + ": " + farewell.message() + "."));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        unread.release();
        unread = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("the connection that listens failed shard={}", shard.name(), cause);
        end(ServerErrors.unreachable(shard, "The connection that listens failed: " + cause.getMessage() + "."));
    }
}
