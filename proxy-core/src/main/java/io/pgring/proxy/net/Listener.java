package io.pgring.proxy.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.pgring.proxy.config.Endpoint;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A port that is open for clients. */
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;
    /** A client that leaves this much untaken has its server stop for a while. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final Channel channel;

    private Listener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Opens a port.
     *
     * @param reusePort whether other processes may listen there as well
     * @param pipeline fills the pipeline of a new connection, on its event loop
     */
    public static Listener open(
            Transport transport,
            EventLoopGroup loops,
            Endpoint endpoint,
            boolean reusePort,
            Consumer<Channel> pipeline) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        pipeline.accept(client);
                    }
                });
        if (reusePort) {
            bootstrap.option(transport.reusePort(), true);
        }
        Channel channel =
                bootstrap.bind(endpoint.toSocketAddress()).syncUninterruptibly().channel();
        return new Listener(channel);
    }

    /** Where it listens: with the port that was chosen when any would do. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
