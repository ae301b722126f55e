package io.pgring.proxy.admin;

import io.netty.util.concurrent.Future;
import io.pgring.proxy.backend.PoolUse;
import io.pgring.proxy.backend.ShardHealth;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.recovery.PartInDoubt;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How the proxy is doing, over all of its event loops. For any thread. */
public final class ProxyStatus {
    private static final PoolUse UNUSED = new PoolUse(0, 0, 0, 0);

    private final String version;
    private final TopologyView view;
    private final List<ShardMetrics> metrics;
    private final List<FrontendLoop> loops;
    private final ClientMetrics clients;
    private final Supplier<List<PartInDoubt>> inDoubt;
    private final BooleanSupplier stopping;
    private final long startedNanos = System.nanoTime();

    /**
     * The proxy starts now.
     *
     * @param version of the program
     * @param view the topology of the moment
     * @param metrics by shard index; grows when shards come
     * @param loops all event loops
     * @param clients counts of clients
     * @param inDoubt the prepared parts of transactions that nobody can end yet
     * @param stopping whether the proxy no longer takes clients
     */
    public ProxyStatus(
            String version,
            TopologyView view,
            List<ShardMetrics> metrics,
            List<FrontendLoop> loops,
            ClientMetrics clients,
            Supplier<List<PartInDoubt>> inDoubt,
            BooleanSupplier stopping) {
        this.version = version;
        this.view = view;
        this.metrics = metrics;
        this.loops = List.copyOf(loops);
        this.clients = clients;
        this.inDoubt = inDoubt;
        this.stopping = stopping;
    }

    String version() {
        return version;
    }

    long uptimeSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
    }

    Topology topology() {
        return view.get();
    }

    ClientMetrics clients() {
        return clients;
    }

    List<PartInDoubt> inDoubt() {
        return inDoubt.get();
    }

    ShardMetrics metricsOf(Shard shard) {
        return metrics.get(shard.index());
    }

    int loopCount() {
        return loops.size();
    }

    boolean isStopping() {
        return stopping.getAsBoolean();
    }

    ShardState stateOf(Shard shard) {
        List<ShardHealth> ofLoops =
                loops.stream().map(loop -> loop.pools().of(shard).health()).toList();
        return ShardState.of(shard.name(), ofLoops);
    }

    List<ShardState> shardStates() {
        return topology().members().stream().map(this::stateOf).toList();
    }

    /** How the pools are used, by shard index: a look into every event loop. A loop that has ended counts as unused. */
    CompletableFuture<List<PoolUse>> poolUse() {
        CompletableFuture<List<PoolUse>> sum = CompletableFuture.completedFuture(
                Collections.nCopies(topology().shards().size(), UNUSED));
        for (FrontendLoop loop : loops) {
            sum = sum.thenCombine(useOf(loop), ProxyStatus::sum);
        }
        return sum;
    }

    private static CompletableFuture<List<PoolUse>> useOf(FrontendLoop loop) {
        CompletableFuture<List<PoolUse>> answer = new CompletableFuture<>();
        try {
            loop.userPools()
                    .use()
                    .addListener(
                            (Future<List<PoolUse>> use) -> answer.complete(use.isSuccess() ? use.getNow() : List.of()));
        } catch (RejectedExecutionException e) {
            answer.complete(List.of());
        }
        return answer;
    }

    private static List<PoolUse> sum(List<PoolUse> some, List<PoolUse> others) {
        List<PoolUse> sum = new ArrayList<>(some);
        for (int i = 0; i < others.size(); i++) {
            if (i == sum.size()) {
                sum.add(UNUSED);
            }
            sum.set(i, sum.get(i).plus(others.get(i)));
        }
        return sum;
    }
}
