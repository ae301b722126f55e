package io.pgring.proxy.backend;

import io.netty.channel.embedded.EmbeddedChannel;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.Timeouts;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.net.Transport;
import io.pgring.proxy.tls.TlsContexts;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyView;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A server connection whose socket is in memory. */
final class EmbeddedServer {
    private EmbeddedServer() {}

    private static TopologyView view(Shard shard) {
        Ring ring = Ring.of(List.of(RingMember.of(shard.name())));
        return new TopologyView(new Topology(1, List.of(shard), ring, new Catalog(List.of(), List.of(), Map.of())));
    }

    /** @param cancels on which CancelRequests are sent */
    static ServerConnection on(EmbeddedChannel channel, Executor cancels) {
        Shard shard = new Shard(
                0,
                new ShardConfiguration(
                        "shard-0", "127.0.0.1", 1, "postgres", "postgres", null, ShardTls.of(TlsMode.DISABLE), 1));
        ServerConnector connector =
                new ServerConnector(Transport.NIO, cancels, 1_000, () -> Timeouts.DEFAULT, TlsContexts.none());
        ShardPool pool = new ShardPool(
                new ShardRoom(shard, PoolConfiguration.DEFAULT, 1),
                () -> ServerCredentials.configured(shard.configuration()),
                null,
                new PoolParts(
                        new FlushQueue(channel.eventLoop()),
                        new ShardMetrics(),
                        connector,
                        view(shard),
                        new Attachments(UUID.randomUUID(), (at, parts) -> CompletableFuture.completedFuture(true))));
        ServerSession session = new ServerSession(channel, new BackendKeyData(7, new byte[4]), Map.of(), false, 0);
        ServerConnection connection = new ServerConnection(session, pool, 10);
        channel.pipeline().addLast(connection);
        return connection;
    }
}
