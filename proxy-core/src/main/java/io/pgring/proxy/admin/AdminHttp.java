package io.pgring.proxy.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpServerCodec;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.topology.ShardAccess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The HTTP port: puts the resources together, and a pipeline into each new connection. */
public final class AdminHttp {
    /** A key of the greatest length that an index takes, with every byte escaped, fits in. */
    private static final int REQUEST_LINE_BYTES_MAX = 64 * 1024;

    private static final int HEADERS_BYTES_MAX = 16 * 1024;
    private static final int CHUNK_BYTES_MAX = 16 * 1024;

    private final Router router;
    private final int bodyBytesMax;
    private final int connectionsMax;
    private final Function<Channel, FrontendLoop> loopOf;
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * Made once, for all event loops.
     *
     * @param authenticator knows who may use the key-value API
     * @param access how rows are counted
     * @param blocking threads that may block
     * @param loopOf what the clients of a channel's event loop share
     */
    public AdminHttp(
            Configuration configuration,
            ProxyStatus status,
            Authenticator authenticator,
            ShardAccess access,
            Executor blocking,
            Function<Channel, FrontendLoop> loopOf) {
        this.bodyBytesMax = configuration.limits().httpBodyBytesMax();
        this.connectionsMax = configuration.limits().clientsMax();
        this.loopOf = loopOf;
        KeyValueAccess keyValues = new KeyValueAccess(
                configuration.listen().http().isLoopback(), new PasswordCheck(authenticator, configuration.database()));
        Map<String, Resource> resources = new LinkedHashMap<>();
        resources.put("/write", new GuardedResource(keyValues, new WriteResource(status)));
        resources.put("/read", new GuardedResource(keyValues, new ReadResource(status)));
        resources.put(
                "/stats",
                new StatsResource(status, new RowCounts(access, configuration.pool(), blocking), configuration.pool()));
        resources.put("/health/live", new LiveResource());
        resources.put(
                "/health/ready",
                new ReadyResource(status, configuration.limits().clientsMax()));
        resources.put("/", new IndexResource(status.version(), resources));
        this.router = new Router(resources);
    }

    /** Fills the pipeline of a new connection, on its event loop. Closes it when there are too many. */
    public void initChannel(Channel channel) {
        if (connections.incrementAndGet() > connectionsMax) {
            connections.decrementAndGet();
            ChannelFuture unused = channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        channel.pipeline()
                .addLast(new HttpServerCodec(REQUEST_LINE_BYTES_MAX, HEADERS_BYTES_MAX, CHUNK_BYTES_MAX))
                .addLast(new RequestAggregator(bodyBytesMax))
                .addLast(new HttpConnection(channel, router, new Caller(channel, loopOf)));
    }
}
