package io.pgring.proxy.topology;

import io.pgring.proxy.config.Configuration;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the shards from a control thread: a shard that could not be checked at the start is barred until it was, and the tables
 * are read anew now and then, so that a view or function that has come to hide a sharded table is known.
 */
public final class ShardWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ShardWatch.class);
    private static final long BARRED_SECONDS = 1;
    private static final long CATALOG_SECONDS = 10;
    private static final long FOLLOW_AGAIN_MILLIS = 100;

    private final Configuration configuration;
    private final TopologyView view;
    private final ShardAccess access;
    private final Doors doors;
    private final Gathering.Maker gatherings;
    private final OidWatch oids;
    private final ScheduledExecutorService control;
    private final Map<Integer, String> barred = new ConcurrentHashMap<>();
    /** What the views were last made for. */
    private @Nullable Views views;

    /** Closes shards to clients, and opens them. */
    public interface Doors {
        /**
         * Closes a shard.
         *
         * @param reason why it must not be used
         * @return complete when clients get nothing from it any more; fails when the proxy has ended
         */
        CompletableFuture<?> close(Shard shard, String reason);

        /**
         * Opens a shard, unless something has to be done on it first that could not be done.
         *
         * @return why it stays closed; empty when it is open
         */
        String open(Shard shard);
    }

    /**
     * @param doors told what is found
     * @param gatherings makes what gathering needs, after every change of the tables
     * @param control a single thread
     */
    public ShardWatch(
            Configuration configuration,
            TopologyView view,
            ShardAccess access,
            Doors doors,
            Gathering.Maker gatherings,
            ScheduledExecutorService control) {
        this.configuration = configuration;
        this.view = view;
        this.access = access;
        this.doors = doors;
        this.gatherings = gatherings;
        this.oids = new OidWatch(access, configuration.pool());
        this.control = control;
    }

    /** A shard was not found fit at the start. */
    public void barFirst(Shard shard, String reason) {
        close(shard, reason);
    }

    private CompletableFuture<?> close(Shard shard, String reason) {
        barred.put(shard.index(), reason);
        LOG.warn("shard is barred shard={} reason=\"{}\"", shard.name(), reason);
        return doors.close(shard, reason);
    }

    /**
     * A shard that was fit must not be used, nor be read by gathering, until it has been looked at again. On any thread.
     *
     * @return complete when it is not; fails when the proxy has ended
     */
    public synchronized CompletableFuture<?> bar(Shard shard, String reason) {
        CompletableFuture<?> closed = close(shard, reason);
        publish(view.get().catalog(), view.get().gathering());
        return closed;
    }

    /** Not what was found while no shard was barred, if one has been since. */
    private synchronized void publish(Catalog catalog, Gathering found) {
        view.publish(catalog, Objects.requireNonNullElse(barredGathering(), found));
    }

    private @Nullable Gathering barredGathering() {
        for (int index : barred.keySet()) {
            return Gathering.unavailable(
                    "Shard \"" + view.get().shards().get(index).name() + "\" can't be used now.");
        }
        return null;
    }

    /** Begins to look. What can be gathered is known when this returns. */
    public void start() {
        Topology topology = view.get();
        topology.members().forEach(this::makeFence);
        view.publish(topology.catalog(), gather(topology), oids.read(topology.shards(), unread(topology)));
        repeat(this::tryBarred, BARRED_SECONDS);
        repeat(this::readCatalog, CATALOG_SECONDS);
    }

    private void repeat(Runnable look, long seconds) {
        Runnable guarded = () -> {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.error("the shards could not be looked at", e);
            }
        };
        control.scheduleWithFixedDelay(guarded, seconds, seconds, TimeUnit.SECONDS);
    }

    /** Before the first connection to the shard: none must be without it. */
    private void makeFence(Shard shard) {
        if (barred.containsKey(shard.index())) {
            return;
        }
        try (Connection connection = access.open(shard.configuration(), configuration.pool())) {
            CatalogSchema.ensureFence(connection);
        } catch (SQLException e) {
            LOG.warn(
                    "rows can't be moved from or to a shard, nor gathered shard={} reason=\"{}\""
                            + " hint=\"The proxy's role must own schema pgring, or may CREATE on the database.\"",
                    shard.name(),
                    e.getMessage());
        }
    }

    /**
     * Reads the tables at once, because they are known to have changed.
     *
     * @return the version of the tables of which the topology of the moment is; empty when they could not be read
     */
    public CompletionStage<Optional<String>> refreshNow() {
        return CompletableFuture.supplyAsync(this::readCatalog, control);
    }

    private void tryBarred() {
        if (view.takeDoubt()) {
            readCatalog();
        }
        for (int index : List.copyOf(barred.keySet())) {
            Shard shard = view.get().shards().get(index);
            ShardInspection found = inspect(shard);
            String reason = String.join("; ", found.problems());
            if (found.problems().isEmpty() && found.catalog() != null) {
                reason = fit(shard, found.catalog());
            }
            String before = barred.get(index);
            if (reason.isEmpty()) {
                barred.remove(index);
                makeFence(shard);
                readOids();
                reason = doors.open(shard);
            }
            if (reason.isEmpty()) {
                LOG.info("shard is fit shard={} server=\"{}\"", shard.name(), found.server());
                if (barred.isEmpty()) {
                    readCatalog();
                }
            } else if (reason.equals(before)) {
                barred.put(index, reason);
            } else {
                close(shard, reason);
            }
        }
    }

    /** Why a shard with this catalog is not fit; empty when it is. What the home shard declares is what counts from now on. */
    private String fit(Shard shard, Catalog catalog) {
        Topology topology = view.get();
        if (!shard.equals(topology.home())) {
            return catalog.differenceTo(topology.catalog());
        }
        String difference = topology.catalog().differenceIn(catalog);
        if (difference.isEmpty() && !catalog.equals(topology.catalog())) {
            publish(catalog, topology.gathering());
        }
        return difference;
    }

    private ShardInspection inspect(Shard shard) {
        Topology topology = view.get();
        return shard.equals(topology.home())
                ? ShardInspection.ofHome(configuration, access)
                : ShardInspection.of(
                        shard.configuration(), DeclaredTables.of(topology.catalog()), configuration.pool(), access);
    }

    /** @return the version of the tables of which the topology is; empty when they could not be read */
    private Optional<String> readCatalog() {
        Topology topology = view.get();
        if (barred.containsKey(topology.home().index())) {
            return Optional.empty();
        }
        ShardInspection found = inspect(topology.home());
        if (new DroppedTables(configuration, topology.members(), access)
                .forget(found.tables().dropped())) {
            found = inspect(topology.home());
        }
        if (found.isUnreachable() || found.catalog() == null) {
            return Optional.empty();
        }
        if (!found.problems().isEmpty()) {
            LOG.warn(
                    "catalog has problems shard={} problems=\"{}\"",
                    topology.home().name(),
                    found.problems());
            return Optional.empty();
        }
        boolean changed = !found.catalog().equals(topology.catalog());
        // First, so that no statement meets a new table whose types are not known.
        readOids();
        if (changed || topology.gatherUnavailable() != null) {
            Topology next = new Topology(
                    topology.version() + 1,
                    topology.placement(),
                    found.catalog(),
                    Gathering.unavailable(""),
                    List.of());
            Gathering gathering = gather(next);
            if (changed || !gathering.equals(topology.gathering())) {
                publish(found.catalog(), gathering);
                LOG.info("catalog has changed version={}", view.get().version());
                // Of the views that were made for it.
                readOids();
            }
        }
        return Optional.of(found.tables().version());
    }

    private void readOids() {
        Topology topology = view.get();
        List<ShardOids> found = oids.read(topology.shards(), unread(topology));
        if (!found.equals(topology.oids())) {
            view.publish(found);
            LOG.info("object identifiers have changed version={}", view.get().version());
        }
    }

    private Set<Integer> unread(Topology topology) {
        Set<Integer> unread = new HashSet<>(barred.keySet());
        unread.addAll(topology.placement().gone());
        return unread;
    }

    /**
     * Complete when the views on the shards fit a placement that is in force: they read the rows of all shards, and can be written through while
     * rows are moved.
     */
    public CompletableFuture<Void> whenGathered(Placement placement) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        control.execute(() -> followPlacement(placement.version(), done));
        return done;
    }

    private void followPlacement(long version, CompletableFuture<Void> done) {
        Topology topology = view.get();
        if (topology.placement().version() > version) {
            // Whoever has published it waits for it.
            return;
        }
        try {
            if (!Views.of(topology).equals(views)) {
                barred.keySet().removeAll(topology.placement().gone());
                readOids();
                publish(topology.catalog(), gather(topology));
            }
            boolean all = gatherings.ensureVisible(topology);
            done.complete(null);
            if (!all) {
                control.schedule(() -> followPlacement(version, done), BARRED_SECONDS, TimeUnit.SECONDS);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.info("views can't follow the topology yet reason=\"{}\"", e.getMessage());
            control.schedule(() -> followPlacement(version, done), FOLLOW_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** What of a placement the views on the shards depend on. */
    private record Views(List<Shard> members, boolean moving) {
        static Views of(Topology topology) {
            return new Views(topology.members(), !topology.placement().moves().isEmpty());
        }
    }

    private Gathering gather(Topology topology) {
        views = Views.of(topology);
        Gathering missing = barredGathering();
        if (missing != null) {
            return missing;
        }
        Gathering gathering = gatherings.ensure(topology);
        if (gathering.unavailable() != null && !gathering.equals(view.get().gathering())) {
            LOG.warn("statements can't be gathered reason=\"{}\"", gathering.unavailable());
        }
        return gathering;
    }
}
