package io.pgring.proxy.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pgring.proxy.backend.SocketTypes;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** How sockets are driven: by io_uring or epoll where the system has them, else by the JDK. */
public enum Transport implements SocketTypes {
    /** Linux 5.9 and later. */
    IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class, IoUringDomainSocketChannel.class) {
        @Override
        IoHandlerFactory ioHandler() {
            return IoUringIoHandler.newFactory();
        }

        @Override
        public SocketAddress unixDomainAddress(String path) {
            return new DomainSocketAddress(path);
        }
    },
    /** Linux. */
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDomainSocketChannel.class) {
        @Override
        IoHandlerFactory ioHandler() {
            return EpollIoHandler.newFactory();
        }

        @Override
        public SocketAddress unixDomainAddress(String path) {
            return new DomainSocketAddress(path);
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
    };

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
