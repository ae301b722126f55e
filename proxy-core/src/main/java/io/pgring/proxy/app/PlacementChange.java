package io.pgring.proxy.app;

import io.netty.util.concurrent.Future;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.tls.TlsContexts;
import io.pgring.proxy.tls.TlsException;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.TopologyFollower;
import io.pgring.proxy.topology.TopologyView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Brings a placement into force, step by step, so that no statement meets what is not ready:
 *
 * <pre>
 *   prepare       pools and all else that new shards need
 *   publish       statements are planned by it
 *   settled       nothing is under way by an older one    ┐
 *   gathered      the views on the shards fit it          ┴──► acknowledged on the home shard
 * </pre>
 */
final class PlacementChange implements TopologyFollower.Applier {
    private final TopologyView view;
    private final List<Part> parts;
    private final List<Function<Placement, CompletableFuture<?>>> conditions;
    private final Acknowledgement acknowledgement;

    /** Something that new shards need, or that must be closed of those that are gone. */
    interface Part {
        /** Returns when it is ready; fails when the placement can't be used. On a control thread. */
        void prepare(Placement next);
    }

    /** Tells others. */
    interface Acknowledgement {
        void acknowledge(long version);
    }

    /**
     * @param parts prepared in order
     * @param conditions each complete when something has followed a placement that is in force
     */
    PlacementChange(
            TopologyView view,
            List<Part> parts,
            List<Function<Placement, CompletableFuture<?>>> conditions,
            Acknowledgement acknowledgement) {
        this.view = view;
        this.parts = List.copyOf(parts);
        this.conditions = List.copyOf(conditions);
        this.acknowledgement = acknowledgement;
    }

    @Override
    public void apply(Placement next) {
        parts.forEach(part -> part.prepare(next));
        view.publish(next);
        CompletableFuture.allOf(conditions.stream()
                        .map(condition -> condition.apply(next))
                        .toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    view.onSettled(next.version());
                    acknowledgement.acknowledge(next.version());
                });
    }

    /** What connections to new shards encrypt with. */
    static Part tls(TlsContexts contexts) {
        return next -> {
            try {
                contexts.add(next.members().stream().map(Shard::configuration).toList());
            } catch (TlsException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** What is counted on each shard, by index. */
    static Part metrics(List<ShardMetrics> metrics) {
        return next -> {
            while (metrics.size() < next.shards().size()) {
                metrics.add(new ShardMetrics());
            }
        };
    }

    /** The pools of all loops. */
    static Part pools(List<FrontendLoop> loops) {
        return next -> {
            List<Future<?>> ready = loops.stream()
                    .<Future<?>>map(loop -> loop.userPools().prepare(next))
                    .toList();
            for (Future<?> future : ready) {
                if (!future.syncUninterruptibly().isSuccess()) {
                    throw new CompletionException(future.cause());
                }
            }
        };
    }
}
