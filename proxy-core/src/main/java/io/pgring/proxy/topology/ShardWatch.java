package io.pgring.proxy.topology;

import io.pgring.proxy.config.Configuration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final Configuration configuration;
    private final TopologyView view;
    private final ShardAccess access;
    private final Bar bar;
    private final Map<Integer, String> barred = new HashMap<>();

    /** Closes a shard to clients, or opens it. */
    public interface Bar {
        /**
         * Sets or lifts the bar.
         *
         * @param reason why it must not be used; null when it may
         */
        void set(Shard shard, @Nullable String reason);
    }

    /** @param bar told what is found */
    public ShardWatch(Configuration configuration, TopologyView view, ShardAccess access, Bar bar) {
        this.configuration = configuration;
        this.view = view;
        this.access = access;
        this.bar = bar;
    }

    /** A shard was not found fit at the start. */
    public void barFirst(Shard shard, String reason) {
        barred.put(shard.index(), reason);
        bar.set(shard, reason);
        LOG.warn("shard is barred shard={} reason=\"{}\"", shard.name(), reason);
    }

    /**
     * Begins to look.
     *
     * @param control a single thread
     */
    public void start(ScheduledExecutorService control) {
        control.scheduleWithFixedDelay(this::tryBarred, BARRED_SECONDS, BARRED_SECONDS, TimeUnit.SECONDS);
        control.scheduleWithFixedDelay(this::readCatalog, CATALOG_SECONDS, CATALOG_SECONDS, TimeUnit.SECONDS);
    }

    private void tryBarred() {
        for (int index : List.copyOf(barred.keySet())) {
            Shard shard = view.get().shards().get(index);
            ShardInspection found = ShardInspection.of(shard.configuration(), configuration, access);
            String reason = String.join("; ", found.problems());
            if (found.problems().isEmpty() && found.catalog() != null) {
                reason = found.catalog().differenceTo(view.get().catalog());
            }
            if (reason.isEmpty()) {
                barred.remove(index);
                bar.set(shard, null);
                LOG.info("shard is fit shard={} server=\"{}\"", shard.name(), found.server());
            } else if (!reason.equals(barred.put(index, reason))) {
                bar.set(shard, reason);
                LOG.warn("shard is barred shard={} reason=\"{}\"", shard.name(), reason);
            }
        }
    }

    private void readCatalog() {
        Topology topology = view.get();
        if (barred.containsKey(topology.home().index())) {
            return;
        }
        ShardInspection found = ShardInspection.of(topology.home().configuration(), configuration, access);
        if (found.isUnreachable() || found.catalog() == null) {
            return;
        }
        if (!found.problems().isEmpty()) {
            LOG.warn(
                    "catalog has problems shard={} problems=\"{}\"",
                    topology.home().name(),
                    found.problems());
        } else if (!found.catalog().equals(topology.catalog())) {
            view.publish(found.catalog());
            LOG.info("catalog has changed version={}", view.get().version());
        }
    }
}
