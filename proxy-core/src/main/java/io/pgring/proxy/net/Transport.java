package io.pgring.proxy.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pgring.proxy.backend.SocketTypes;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** How sockets are driven: by io_uring or epoll where the system has them, else by the JDK. */
public enum Transport implements SocketTypes {
    /** Linux 5.9 and later. */
    IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class, IoUringDomainSocketChannel.class) {
        @Override
        IoHandlerFactory ioHandler() {
            return IoUringIoHandler.newFactory();
        }

        @Override
        void keepAlive(Channel channel, KeepAlive times) {
            channel.config().setOption(IoUringChannelOption.TCP_KEEPIDLE, times.idleSeconds());
            channel.config().setOption(IoUringChannelOption.TCP_KEEPINTVL, times.intervalSeconds());
            channel.config().setOption(IoUringChannelOption.TCP_KEEPCNT, KeepAlive.PROBES);
        }

        @Override
        ChannelOption<Integer> userTimeout() {
            return IoUringChannelOption.TCP_USER_TIMEOUT;
        }
    },
    /** Linux. */
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDomainSocketChannel.class) {
        @Override
        IoHandlerFactory ioHandler() {
            return EpollIoHandler.newFactory();
        }

        @Override
        void keepAlive(Channel channel, KeepAlive times) {
            channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, times.idleSeconds());
            channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, times.intervalSeconds());
            channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, KeepAlive.PROBES);
        }

        @Override
        ChannelOption<Integer> userTimeout() {
            return EpollChannelOption.TCP_USER_TIMEOUT;
        }
    },
    /** Any system. */
    NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDomainSocketChannel.class) {
        @Override
        IoHandlerFactory ioHandler() {
            return NioIoHandler.newFactory();
        }

        @Override
        public SocketAddress unixDomainAddress(String path) {
            return UnixDomainSocketAddress.of(path);
        }

        @Override
        void keepAlive(Channel channel, KeepAlive times) {
            channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), times.idleSeconds());
            channel.config()
                    .setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), times.intervalSeconds());
            channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KeepAlive.PROBES);
        }

        @Override
        @Nullable
        ChannelOption<Integer> userTimeout() {
            return null;
        }

        @Override
        ChannelOption<Boolean> reusePort() {
            return NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);
        }
    };

    /** After which silence the peer is asked for a sign of life, and how often; no answer at all ends the connection. */
    private record KeepAlive(int idleSeconds, int intervalSeconds) {
        private static final int PROBES = 3;

        /** Half of the time passes before the first question. */
        static KeepAlive within(long millisMax) {
            int seconds = (int) (millisMax / 1_000);
            return new KeepAlive(Math.max(1, seconds / 2), Math.max(1, seconds / 2 / PROBES));
        }
    }

    private final Class<? extends ServerChannel> server;
    private final Class<? extends Channel> tcp;
    private final Class<? extends Channel> unixDomain;

    Transport(
            Class<? extends ServerChannel> server, Class<? extends Channel> tcp, Class<? extends Channel> unixDomain) {
        this.server = server;
        this.tcp = tcp;
        this.unixDomain = unixDomain;
    }

    /**
     * The best that this machine has. Not io_uring where there is epoll: Netty 4.2.16 does not tell of about one in fifteen
     * connections that their peer resets while bytes are on their way, so that their transactions would stay open for ever.
     */
    public static Transport best() {
        if (Epoll.isAvailable()) {
            return EPOLL;
        }
        return IoUring.isAvailable() ? IO_URING : NIO;
    }

    abstract IoHandlerFactory ioHandler();

    abstract void keepAlive(Channel channel, KeepAlive times);

    /** How long sent bytes may stay untaken; null when the system can't be told. */
    abstract @Nullable ChannelOption<Integer> userTimeout();

    /** What lets several processes listen on one port. */
    ChannelOption<Boolean> reusePort() {
        return UnixChannelOption.SO_REUSEPORT;
    }

    @Override
    public SocketAddress unixDomainAddress(String path) {
        return new DomainSocketAddress(path);
    }

    @Override
    public void detectLoss(Channel channel, long millisMax) {
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        if (millisMax > 0) {
            keepAlive(channel, KeepAlive.within(millisMax));
        }
    }

    /**
     * Sees to it that a TCP connection whose peer does not take what is sent to it is closed, as far as the system can.
     *
     * @param millisMax how long it may leave it; 0 for as long as it likes
     */
    public void limitUntaken(Channel channel, long millisMax) {
        ChannelOption<Integer> option = userTimeout();
        if (option != null && millisMax > 0) {
            channel.config().setOption(option, (int) Math.min(millisMax, Integer.MAX_VALUE));
        }
    }

    /** New event loops. */
    public EventLoopGroup newGroup(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name), ioHandler());
    }

    Class<? extends ServerChannel> server() {
        return server;
    }

    @Override
    public Class<? extends Channel> tcp() {
        return tcp;
    }

    @Override
    public Class<? extends Channel> unixDomain() {
        return unixDomain;
    }
}
