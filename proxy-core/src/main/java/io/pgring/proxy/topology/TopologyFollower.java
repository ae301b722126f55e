package io.pgring.proxy.topology;

import io.pgring.proxy.config.Configuration;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the placement that the home shard has, in a thread of its own: a notification tells of a new version within the time that it takes
 * to travel, and one that is lost costs {@value #POLL_MILLIS} ms. While the home shard can't be reached nothing changes.
 */
public final class TopologyFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyFollower.class);
    private static final int POLL_MILLIS = 500;
    private static final long RETRY_MILLIS = 500;

    private final Configuration configuration;
    private final TopologyView view;
    private final ShardAccess access;
    private final Applier applier;
    private final ExecutorService thread;
    private volatile boolean closed;
    /** Why it was last not followed, if it still is not. */
    private @Nullable String complaint;

    /** Brings a placement into force. */
    public interface Applier {
        /** Makes ready for it and publishes it. On the thread of the follower; what fails is tried again. */
        void apply(Placement next) throws SQLException;
    }

    /** @param configuration whose shards' addresses and logins go before those of the catalog */
    public TopologyFollower(
            Configuration configuration,
            TopologyView view,
            ShardAccess access,
            Applier applier,
            ThreadFactory threads) {
        this.configuration = configuration;
        this.view = view;
        this.access = access;
        this.applier = applier;
        this.thread = Executors.newSingleThreadExecutor(threads);
    }

    /**
     * Begins. A proxy that has found no catalog when it started goes by its file until it is started again: shards may stand in another
     * order there, and its connections are not attached.
     */
    public void start() {
        if (view.get().placement().version() > 0) {
            thread.execute(this::follow);
        }
    }

    private void follow() {
        while (!closed) {
            try (Connection home = access.open(configuration.shards().get(0), configuration.pool())) {
                listen(home);
            } catch (SQLException | RuntimeException e) {
                complain(e);
                pause();
            }
        }
    }

    private void listen(Connection home) throws SQLException {
        try (Statement statement = home.createStatement()) {
            statement.execute("LISTEN " + TopologyCatalog.CHANNEL);
        }
        PGConnection notified = home.unwrap(PGConnection.class);
        while (!closed) {
            look(home);
            onFollowed();
            notified.getNotifications(POLL_MILLIS);
        }
    }

    /** Said once for each reason: meanwhile shards may refuse the connections of this proxy. */
    private void complain(Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        if (closed || reason.equals(complaint)) {
            LOG.debug("the topology can't be followed", failure);
            return;
        }
        complaint = reason;
        LOG.warn(
                "the topology can't be followed, it stays as it is version={} reason=\"{}\"",
                view.get().placement().version(),
                reason.lines().findFirst().orElse(""));
        LOG.debug("the topology can't be followed", failure);
    }

    private void onFollowed() {
        if (complaint != null) {
            complaint = null;
            LOG.info(
                    "the topology is followed again version={}",
                    view.get().placement().version());
        }
    }

    private void look(Connection home) throws SQLException {
        long known = view.get().placement().version();
        if (TopologyCatalog.version(home) == known) {
            return;
        }
        Optional<Placement> next = TopologyCatalog.read(home, configuration.shards());
        if (next.isPresent() && next.get().version() > known) {
            applier.apply(next.get());
            LOG.info(
                    "topology has changed version={} shards={} moves={}",
                    next.get().version(),
                    next.get().members().size(),
                    next.get().moves().size());
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
    }
}
