package io.pgring.proxy.backend;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.Shard;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Opens sockets to shards: over TCP, or over a Unix-domain socket when the host is a directory, as in libpq. */
public final class ServerConnector {
    private static final int CANCEL_MILLIS_MAX = 10_000;

    private final SocketTypes sockets;
    private final Executor blocking;
    private final int connectMillisMax;

    /**
     * @param sockets of the transport in use
     * @param blocking runs what must not stop an event loop: name lookup, key derivation
     * @param connectMillisMax how long connecting and logging in may take together
     */
    public ServerConnector(SocketTypes sockets, Executor blocking, long connectMillisMax) {
        this.sockets = sockets;
        this.blocking = blocking;
        this.connectMillisMax = (int) Math.min(connectMillisMax, Integer.MAX_VALUE);
    }

    /** What becomes of a connection attempt: exactly one call, on the event loop. */
    interface Outcome {
        /** The server is ready for queries; the channel has no handler that reads yet. */
        void onLoggedIn(ServerSession session);

        /** No connection, and why. */
        void onFailed(ErrorResponse cause);
    }

    /** Connects and logs in. */
    void connect(Shard shard, ServerCredentials credentials, EventLoop loop, Outcome outcome) {
        ServerLogin login = new ServerLogin(shard, credentials, outcome, blocking, connectMillisMax);
        open(shard, loop, connectMillisMax, login, login::onUnreachable);
    }

    /** Sends a CancelRequest for what a connection is doing; {@code onDone} when the server has closed, or could not be asked. */
    void cancel(ServerConnection connection, Runnable onDone) {
        EventLoop loop = connection.session().channel().eventLoop();
        CancelSender sender = new CancelSender(
                connection.session().key(), connection.session().tls(), CANCEL_MILLIS_MAX, onDone);
        open(connection.shard(), loop, CANCEL_MILLIS_MAX, sender, cause -> sender.finish());
    }

    private void open(
            Shard shard, EventLoop loop, int millisMax, ChannelHandler handler, Consumer<Throwable> onUnreachable) {
        ShardConfiguration to = shard.configuration();
        boolean unixDomain = to.host().startsWith("/");
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(unixDomain ? sockets.unixDomain() : sockets.tcp())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millisMax)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (!unixDomain) {
                            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
                            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
                        }
                        channel.pipeline().addLast(handler);
                    }
                });
        if (unixDomain) {
            connect(bootstrap, sockets.unixDomainAddress(to.host() + "/.s.PGSQL." + to.port()), onUnreachable);
            return;
        }
        blocking.execute(() -> {
            try {
                SocketAddress address = new InetSocketAddress(InetAddress.getByName(to.host()), to.port());
                connect(bootstrap, address, onUnreachable);
            } catch (UnknownHostException e) {
                loop.execute(() -> onUnreachable.accept(new UnknownHostException("unknown host " + to.host())));
            }
        });
    }

    private static void connect(Bootstrap bootstrap, SocketAddress address, Consumer<Throwable> onUnreachable) {
        bootstrap.connect(address).addListener(future -> {
            Throwable cause = future.cause();
            if (cause != null) {
                onUnreachable.accept(cause);
            }
        });
    }
}
