package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.pgring.proxy.backend.PoolUse;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code GET /stats}: the proxy and its shards in numbers. */
final class StatsResource implements Resource {
    private static final long POOLS_MILLIS_MAX = 1_000;

    private final ProxyStatus status;
    private final RowCounts rowCounts;
    private final ConfigurationView configuration;

    StatsResource(ProxyStatus status, RowCounts rowCounts, ConfigurationView configuration) {
        this.status = status;
        this.rowCounts = rowCounts;
        this.configuration = configuration;
    }

    /** Over all event loops. */
    private int connectionsPerShardMax() {
        int loops = Math.max(1, status.loopCount());
        return loops * Math.max(1, configuration.pool().connectionsPerShardMax() / loops);
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String summary() {
        return "clients, and for each shard rows, share of the ring, statements, errors, latency, connections";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        Topology topology = status.topology();
        List<ShardedTable> tables = topology.catalog().sharded();
        CompletableFuture<List<ShardStats>> shards = CompletableFuture.completedFuture(List.of());
        CompletableFuture<List<PoolUse>> use =
                status.poolUse().completeOnTimeout(List.of(), POOLS_MILLIS_MAX, TimeUnit.MILLISECONDS);
        for (Shard shard : topology.members()) {
            ShardState state = status.stateOf(shard);
            CompletableFuture<List<TableRows>> rows = state.isDown()
                    ? CompletableFuture.completedFuture(TableRows.unknown(tables))
                    : rowCounts.of(shard, tables, topology.placement());
            CompletableFuture<ShardStats> stats =
                    use.thenCombine(rows, (uses, counted) -> statsOf(topology, shard, state, uses, counted));
            shards = shards.thenCombine(stats, StatsResource::append);
        }
        return shards.thenApply(list -> Answer.ok(new Stats(
                status.version(),
                status.uptimeSeconds(),
                topology.version(),
                status.inDoubt().size(),
                ClientStats.of(status.clients()),
                NotificationStats.of(status.clients().notifications()),
                PinStats.of(status.clients().pins()),
                list)));
    }

    private PoolStats poolOf(PoolUse use) {
        return new PoolStats(use.open(), use.idle(), use.waiting(), use.kept(), connectionsPerShardMax());
    }

    private static List<ShardStats> append(List<ShardStats> list, ShardStats last) {
        List<ShardStats> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    private ShardStats statsOf(
            Topology topology, Shard shard, ShardState state, List<PoolUse> uses, List<TableRows> rows) {
        ShardConfiguration configuration = shard.configuration();
        ShardMetrics metrics = status.metricsOf(shard);
        return new ShardStats(
                shard.name(),
                configuration.host(),
                configuration.port(),
                state.state(),
                state.error(),
                topology.shareOf(shard),
                metrics.exchanges(),
                metrics.errors(),
                LatencyStats.of(metrics.latencyNanos()),
                shard.index() < uses.size() ? poolOf(uses.get(shard.index())) : null,
                new ConnectionStats(metrics.connectionsOpened(), metrics.connectionsFailed()),
                rows);
    }
}
