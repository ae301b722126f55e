package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.gather.GatherObjects;
import io.pgring.proxy.recovery.TransactionRecovery;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.MoverSettings;
import io.pgring.proxy.reshard.MoverSurroundings;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.ShardWatch;
import io.pgring.proxy.topology.TopologyBarrier;
import io.pgring.proxy.topology.TopologyFollower;
import io.pgring.proxy.topology.TopologyView;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a proxy does beside the road: it looks at the shards, follows the topology, is present among other proxies, and moves rows. */
final class ControlSide implements AutoCloseable {
    private static final long LOOK_MILLIS_MAX = 1_000;

    private final UUID id;
    private final FirstPlacement placed;
    private final Configuration configuration;
    private final TopologyView view;
    private final List<FrontendLoop> loops;
    private final TransactionRecovery recovery;
    private final ControlPoint control;
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(ControlThreads.named("pgring-control"));
    private final TableCommands tables;
    private @Nullable ShardWatch watch;
    private @Nullable ProxyPresence presence;
    private @Nullable TopologyFollower follower;
    private @Nullable MoverThread mover;

    /**
     * @param id by which other proxies know this one
     * @param loops all of them, when it starts
     * @param control where tests stop moves
     */
    ControlSide(
            UUID id,
            FirstPlacement placed,
            TopologyView view,
            List<FrontendLoop> loops,
            TransactionRecovery recovery,
            ControlPoint control) {
        this.id = id;
        this.placed = placed;
        this.configuration = placed.configuration();
        this.view = view;
        this.loops = loops;
        this.recovery = recovery;
        this.control = control;
        this.tables = new TableCommands(
                configuration,
                view,
                this::requireWatch,
                this::requirePresence,
                client -> new KnownEverywhere(requireWatch(), requirePresence(), loops, client),
                ControlThreads.named("pgring-tables"));
    }

    /** What clients call that declare tables. */
    TableCommands tables() {
        return tables;
    }

    /**
     * Begins.
     *
     * @param parts made ready for each placement
     * @param listening complete when LISTEN has followed a placement
     */
    void start(FirstLook first, List<PlacementChange.Part> parts, Function<Placement, CompletableFuture<?>> listening) {
        watchShards(first);
        ProxyPresence here = new ProxyPresence(
                id,
                configuration,
                view.get().placement().version(),
                requireWatch(),
                () -> KnownEverywhere.answered(loops),
                ControlThreads.named("pgring-presence"));
        presence = here;
        here.start();
        recovery.start(requireWatch()::bar);
        MoverThread moving = newMover();
        mover = moving;
        PlacementChange change = new PlacementChange(
                view,
                parts,
                List.of(next -> requireWatch().whenGathered(next), listening, next -> KnownEverywhere.settled(loops)),
                here::acknowledge);
        TopologyFollower following = new TopologyFollower(
                placed.file(),
                view,
                ShardLogin::open,
                next -> {
                    change.apply(next);
                    moving.wake();
                },
                ControlThreads.named("pgring-topology"));
        follower = following;
        following.start();
        moving.start();
        tables.start();
    }

    private void watchShards(FirstLook first) {
        ShardWatch begun = new ShardWatch(
                configuration,
                view,
                ShardLogin::open,
                new Doors(),
                new GatherObjects(ShardLogin::open, configuration.pool()),
                looking);
        for (Shard shard : view.get().members()) {
            ShardInspection found = first.of(shard);
            if (found.isUnreachable()) {
                begun.barFirst(shard, String.join("; ", found.problems()));
            }
        }
        watch = begun;
        begun.start();
    }

    /** Those of all loops. None is opened while a committed transaction is not finished on the shard. */
    private final class Doors implements ShardWatch.Doors {
        @Override
        public synchronized CompletableFuture<?> close(Shard shard, String reason) {
            return bar(shard, reason);
        }

        @Override
        public String open(Shard shard) {
            recovery.onShardFit(shard);
            synchronized (this) {
                String reason = recovery.whyUnfinished(shard);
                if (reason.isEmpty()) {
                    bar(shard, null);
                }
                return reason;
            }
        }

        private CompletableFuture<?> bar(Shard shard, @Nullable String reason) {
            return CompletableFuture.allOf(loops.stream()
                    .map(loop -> loop.userPools().bar(shard, reason))
                    .toArray(CompletableFuture[]::new));
        }
    }

    private MoverThread newMover() {
        TopologyBarrier barrier = new TopologyBarrier(view, ShardLogin::open, configuration.pool());
        return new MoverThread(
                new MoverSurroundings(
                        view,
                        ShardLogin::open,
                        configuration.pool(),
                        barrier::await,
                        control,
                        MoverSettings.of(configuration.moves())),
                ControlThreads.named("pgring-mover"));
    }

    private ShardWatch requireWatch() {
        return Objects.requireNonNull(watch);
    }

    private ProxyPresence requirePresence() {
        return Objects.requireNonNull(presence);
    }

    /** Stops. Other proxies go on with what it was about to do. */
    @Override
    public void close() {
        if (mover != null) {
            mover.close();
        }
        tables.close();
        if (follower != null) {
            follower.close();
        }
        if (presence != null) {
            presence.close();
        }
        ControlThreads.end(looking, LOOK_MILLIS_MAX);
    }
}
