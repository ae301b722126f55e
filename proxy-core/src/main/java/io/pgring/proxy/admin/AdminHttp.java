package io.pgring.proxy.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpServerCodec;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.topology.ShardAccess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** The HTTP port: puts the resources together, and a pipeline into each new connection. */
public final class AdminHttp {
    /** A key of the greatest length that an index takes, with every byte escaped, fits in. */
    private static final int REQUEST_LINE_BYTES_MAX = 64 * 1024;

    private static final int HEADERS_BYTES_MAX = 16 * 1024;
    private static final int CHUNK_BYTES_MAX = 16 * 1024;

    private final Router router;
    private final ConfigurationView configuration;
    private final Function<Channel, FrontendLoop> loopOf;
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * Made once, for all event loops.
     *
     * @param authenticator knows who may use the key-value API
     * @param access how rows are counted
     * @param blocking threads that may block
     * @param loopOf what the clients of a channel's event loop share
     * @param reload reads the configuration file again, and may block
     */
    public AdminHttp(
            ConfigurationView view,
            ProxyStatus status,
            Authenticator authenticator,
            ShardAccess access,
            Executor blocking,
            Function<Channel, FrontendLoop> loopOf,
            Supplier<ReloadReport> reload) {
        this.configuration = view;
        this.loopOf = loopOf;
        Configuration first = view.get();
        KeyValueAccess keyValues = new KeyValueAccess(
                first.listen().http().isLoopback(), new PasswordCheck(authenticator, first.database()));
        Map<String, Resource> resources = new LinkedHashMap<>();
        resources.put("/write", new GuardedResource(keyValues, new WriteResource(status)));
        resources.put("/read", new GuardedResource(keyValues, new ReadResource(status)));
        resources.put("/stats", new StatsResource(status, new RowCounts(access, first.pool(), blocking), view));
        resources.put("/metrics", new MetricsResource(status));
        resources.put("/health/live", new LiveResource());
        resources.put(
                "/health/ready", new ReadyResource(status, () -> view.limits().clientsMax()));
        resources.put("/reload", new GuardedResource(keyValues, new ReloadResource(reload, blocking)));
        resources.put("/", new IndexResource(status.version(), resources));
        this.router = new Router(resources);
    }

    /** Fills the pipeline of a new connection, on its event loop. Closes it when there are too many. */
    public void initChannel(Channel channel) {
        if (connections.incrementAndGet() > configuration.limits().clientsMax()) {
            connections.decrementAndGet();
            ChannelFuture unused = channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        channel.pipeline()
                .addLast(new HttpServerCodec(REQUEST_LINE_BYTES_MAX, HEADERS_BYTES_MAX, CHUNK_BYTES_MAX))
                .addLast(new RequestAggregator(configuration.limits().httpBodyBytesMax()))
                .addLast(new HttpConnection(channel, router, new Caller(channel, loopOf)));
    }
}
