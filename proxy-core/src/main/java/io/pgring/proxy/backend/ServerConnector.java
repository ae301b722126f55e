package io.pgring.proxy.backend;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.Timeouts;
import io.pgring.proxy.tls.TlsContexts;
import io.pgring.proxy.topology.Shard;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens sockets to shards: over TCP, or over a Unix-domain socket when the host is a directory, as in libpq. */
public final class ServerConnector {
    private final SocketTypes sockets;
    private final Executor blocking;
    private final int connectMillisMax;
    private final Supplier<Timeouts> timeouts;
    private final AtomicInteger cancels = new AtomicInteger();
    private final TlsContexts tls;
    private final Map<String, Integer> lastGood = new ConcurrentHashMap<>();

    /**
     * @param sockets of the transport in use
     * @param blocking runs what must not stop an event loop: name lookup, key derivation
     * @param connectMillisMax how long connecting and logging in may take together, each time that it is tried
     * @param timeouts those of the moment
     * @param tls for the shards
     */
    public ServerConnector(
            SocketTypes sockets,
            Executor blocking,
            long connectMillisMax,
            Supplier<Timeouts> timeouts,
            TlsContexts tls) {
        this.sockets = sockets;
        this.blocking = blocking;
        this.timeouts = timeouts;
        this.connectMillisMax = (int) Math.min(connectMillisMax, Integer.MAX_VALUE);
        this.tls = tls;
    }

    /** What becomes of a connection attempt: exactly one call, on the event loop. */
    public interface Outcome {
        /** The server is ready for queries; the channel has no handler that reads yet. */
        void onLoggedIn(ServerSession session);

        /** No connection, and why. */
        void onFailed(ErrorResponse cause);
    }

    /** Connects and logs in, at the first host that can be written to if there are several. */
    public void connect(Shard shard, ServerCredentials credentials, EventLoop loop, Outcome outcome) {
        if (shard.configuration().hasSeveralHosts()) {
            new HostAttempts(
                            shard,
                            lastGood.getOrDefault(shard.name(), 0),
                            (at, attempt) -> login(at, credentials, loop, attempt),
                            (host, session) -> {
                                lastGood.put(shard.name(), host);
                                outcome.onLoggedIn(session);
                            },
                            outcome::onFailed)
                    .next();
        } else {
            login(shard, credentials, loop, outcome);
        }
    }

    private void login(Shard shard, ServerCredentials credentials, EventLoop loop, Outcome outcome) {
        new ServerAttempts(
                        ServerTls.Need.attempts(shard.configuration()),
                        (need, attempt) -> {
                            ServerTls encryption = ServerTls.of(shard.configuration(), need, tls);
                            ServerLogin login = new ServerLogin(
                                    shard, credentials, encryption, attempt, blocking, connectMillisMax);
                            open(shard, loop, connectMillisMax, login, login::onUnreachable);
                            return login;
                        },
                        outcome)
                .next();
    }

    /** Sends a CancelRequest for what a connection is doing; {@code onDone} when the server has closed, or could not be asked. */
    void cancel(ServerConnection connection, Runnable onDone) {
        EventLoop loop = connection.session().channel().eventLoop();
        cancels.incrementAndGet();
        Runnable onCancelDone = () -> {
            cancels.decrementAndGet();
            onDone.run();
        };
        int millisMax = (int) timeouts.get().cancelMillisMax();
        ServerTls.Need need = connection.session().tls() ? ServerTls.Need.ALWAYS : ServerTls.Need.NONE;
        ServerTls encryption = ServerTls.of(HostAttempts.reachedBy(connection).configuration(), need, tls);
        CancelSender sender = new CancelSender(connection.session().key(), encryption, millisMax, onCancelDone);
        open(HostAttempts.reachedBy(connection), loop, millisMax, sender, cause -> sender.finish());
    }

    /** How many servers are just being told to cancel something. For any thread. */
    public int cancelsInFlight() {
        return cancels.get();
    }

    /** Puts a handler in its place when there is a connection: one of its own can't be on the channels of several attempts. */
    private static final class OnceConnected extends ChannelInboundHandlerAdapter {
        private final ChannelHandler handler;

        OnceConnected(ChannelHandler handler) {
            this.handler = handler;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.pipeline().addLast(handler);
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }
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
                            sockets.detectLoss(channel, timeouts.get().unreachableMillisMax());
                        }
                        channel.pipeline().addLast(new OnceConnected(handler));
                    }
                });
        if (unixDomain) {
            connect(bootstrap, sockets.unixDomainAddress(to.host() + "/.s.PGSQL." + to.port()), onUnreachable);
            return;
        }
        blocking.execute(() -> {
            try {
                connect(bootstrap, List.of(InetAddress.getAllByName(to.host())), to.port(), onUnreachable);
            } catch (UnknownHostException e) {
                loop.execute(() -> onUnreachable.accept(new UnknownHostException("unknown host " + to.host())));
            }
        });
    }

    /** Tries all addresses of a name, in the order in which they are given. */
    private static void connect(
            Bootstrap bootstrap, List<InetAddress> addresses, int port, Consumer<Throwable> onUnreachable) {
        List<InetAddress> others = addresses.subList(1, addresses.size());
        connect(
                bootstrap,
                new InetSocketAddress(addresses.get(0), port),
                others.isEmpty() ? onUnreachable : cause -> connect(bootstrap, others, port, onUnreachable));
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
