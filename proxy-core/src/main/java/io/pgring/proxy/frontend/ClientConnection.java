package io.pgring.proxy.frontend;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.exchange.ClientSink;
import io.pgring.proxy.loop.Flushable;
import io.pgring.proxy.tls.TlsFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket: gathers what comes in for the phase that the session is in, and what goes out until the end of the loop
 * turn. All failures of a session end here, in {@link #onFatal}.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientSink, Flushable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    /** More than this is not read ahead while the session can't use it. */
    private static final int READ_AHEAD_BYTES_MAX = 64 * 1024;

    private static final int GATHERED_BYTES = 1024;
    /** A client that does not take its last words is not waited for. */
    private static final long LAST_WORD_MILLIS_MAX = 5_000;
    /** A client that is still sending would not see its last words if the connection were closed at once. */
    private static final long LINGER_MILLIS_MAX = 500;

    /** The last words to a session that has begun. */
    static final ErrorResponse GOING_DOWN =
            ErrorResponse.fatal("57P01", "terminating connection due to administrator command");

    private final FrontendLoop loop;
    private final Channel channel;
    private Phase phase;
    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private @Nullable ByteBuf gathered;
    private boolean flushAsked;
    private boolean reading;
    private boolean readAgain;
    private boolean closing;
    private boolean left;
    private long reads;
    private long writabilityChanges;
    private @Nullable Encryption encryption;

    /** A client that has just connected. */
    public ClientConnection(FrontendLoop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
        this.phase = new StartupPhase(this, loop);
    }

    Channel channel() {
        return channel;
    }

    /** The address of the client, without the port. */
    String host() {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "[local]";
    }

    /** How the connection is encrypted; null when it is not. */
    @Nullable
    Encryption encryption() {
        return encryption;
    }

    /** From here on everything is encrypted. */
    void onEncrypted(Encryption by) {
        encryption = by;
    }

    /** The session goes on otherwise: bytes that are there already are for the new phase. */
    void toPhase(Phase next) {
        phase = next;
        onResume();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.services().clients().add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        reads++;
        if (closing) {
            in.release();
            return;
        }
        unread = unread.isReadable() ? MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in) : replaceUnread(in);
        readUnread();
    }

    private ByteBuf replaceUnread(ByteBuf next) {
        unread.release();
        unread = next;
        return next;
    }

    /** A phase may be asked to read on while it is reading: it then does so afterwards, not within. */
    private void readUnread() {
        if (reading) {
            readAgain = true;
            return;
        }
        reading = true;
        try {
            do {
                readAgain = false;
                phase.read(unread);
            } while (readAgain && !closing);
        } catch (ProtocolViolation violation) {
            onFatal(ErrorResponse.of(violation));
        } catch (RuntimeException e) {
            // What has called may be a server's reply or a clock, which are not to suffer for this client.
            onInternalError(e);
        } finally {
            reading = false;
            if (closing || !unread.isReadable()) {
                replaceUnread(Unpooled.EMPTY_BUFFER);
            }
        }
        boolean enough = unread.readableBytes() > READ_AHEAD_BYTES_MAX && phase.isPaused();
        if (channel.config().isAutoRead() == enough) {
            channel.config().setAutoRead(!enough);
        }
    }

    @Override
    public void onResume() {
        if (!closing) {
            readUnread();
        }
    }

    @Override
    public void write(ByteBuf messages) {
        if (left) {
            messages.release();
            return;
        }
        askForFlush();
        writeGathered();
        channel.write(messages, channel.voidPromise());
    }

    @Override
    public ByteBuf gather() {
        askForFlush();
        ByteBuf buffer = gathered;
        if (buffer == null) {
            buffer = channel.alloc().directBuffer(GATHERED_BYTES);
            gathered = buffer;
        }
        return buffer;
    }

    private void askForFlush() {
        if (!flushAsked) {
            flushAsked = true;
            loop.flushQueue().add(this);
        }
    }

    private void writeGathered() {
        ByteBuf buffer = gathered;
        if (buffer != null) {
            gathered = null;
            channel.write(buffer, channel.voidPromise());
        }
    }

    @Override
    public void flushGathered() {
        flushAsked = false;
        writeGathered();
        channel.flush();
    }

    /** Sends what is gathered before the pipeline changes. */
    void flushNow() {
        writeGathered();
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void onFatal(@Nullable ErrorResponse error) {
        if (closing) {
            return;
        }
        closing = true;
        if (error != null) {
            error.encode(gather());
        }
        writeGathered();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(error == null ? ChannelFutureListener.CLOSE : written -> endOutput());
        closeWithin(LAST_WORD_MILLIS_MAX);
        channel.eventLoop().execute(this::leave);
    }

    private void closeWithin(long millis) {
        Future<?> close = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> close.cancel(false));
    }

    /** The last words have left: what the client is just sending is thrown away, until it has read them or time is up. */
    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (!(channel instanceof DuplexChannel duplex)) {
            channel.close();
        } else if (tls != null) {
            tls.closeOutbound().addListener(told -> duplex.shutdownOutput());
        } else {
            duplex.shutdownOutput();
        }
        channel.config().setAutoRead(true);
        closeWithin(LINGER_MILLIS_MAX);
    }

    /** The session is over, whether or not its socket is closed yet. */
    private void leave() {
        if (!left) {
            left = true;
            phase.onClosed();
        }
    }

    /** Closes the connection without last words, which would not be taken. */
    void abort(String reason) {
        LOG.info("closing client={} reason=\"{}\"", channel.remoteAddress(), reason);
        closing = true;
        ChannelFuture unused = channel.close();
    }

    /** How often something has come from the client. */
    long reads() {
        return reads;
    }

    /** How often the client has begun or ceased to take what is sent to it. */
    long writabilityChanges() {
        return writabilityChanges;
    }

    /** A CancelRequest with this client's key has come in. On any thread. */
    void cancel() {
        channel.eventLoop().execute(() -> phase.cancel());
    }

    /** The proxy is going down: the client is sent away as soon as it has nothing in flight. On any thread. */
    public void drain() {
        channel.eventLoop().execute(() -> {
            ErrorResponse lastWords = phase.onDrain(
                    Objects.requireNonNull(loop.services().clients().refusal()));
            if (lastWords != null) {
                onFatal(lastWords);
            }
        });
    }

    /** The proxy is going down, and the client is not waited for any more. On any thread. */
    public void end() {
        channel.eventLoop().execute(() -> onFatal(GOING_DOWN));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        writabilityChanges++;
        phase.onWritability();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        loop.services().clients().remove(this);
        leave();
        if (!reading) {
            replaceUnread(Unpooled.EMPTY_BUFFER);
        }
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (TlsFailure.isOne(cause)) {
            LOG.info("TLS with a client failed client={} error=\"{}\"", channel.remoteAddress(), cause.getMessage());
            ctx.close();
        } else if (cause instanceof IOException) {
            LOG.debug("client connection failed client={} error=\"{}\"", channel.remoteAddress(), cause.toString());
            ctx.close();
        } else {
            onInternalError(cause);
        }
    }

    private void onInternalError(Throwable cause) {
        LOG.error("internal error client={}", channel.remoteAddress(), cause);
        onFatal(ErrorResponse.fatal("XX000", "internal error of the proxy")
                .detail("The proxy's log has more.")
                .hint("Connect again."));
    }
}
