package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.topology.ConfiguredTables;
import io.pgring.proxy.topology.ProxyRows;
import io.pgring.proxy.topology.ShardWatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This proxy among the others, as a row of {@code pgring.proxies} says: that it is alive, and by which tables it plans. Whoever changes tables
 * waits for those that are alive, and for those that were so a moment ago. So a proxy that can't say any more that it is alive must not
 * trust what it knows:
 *
 * <pre>
 *          a beat is written, with nothing known          the tables are read, and what was
 *          ┌────────────────────────────────┐             planned before has been answered
 *          │                                ▼           ┌────────────────────────────────┐
 *       LAPSED                          REGISTERED ─────┘                                ▼
 *          ▲                                                            SURE, as long as beats are written
 *          └────── no beat was written for {@link #LEASE_MILLIS} ────────────────────────┘
 * </pre>
 *
 * The tables are read after the first beat was committed: a change that has not waited for this proxy is seen by it.
 */
final class ProxyPresence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyPresence.class);
    private static final long BEAT_MILLIS = 500;
    /** From the begin of a beat; well below the time that others wait, {@link ProxyRows#ALIVE_SECONDS}. */
    private static final long LEASE_MILLIS = 6_000;

    private static final int ANSWER_MILLIS_MAX = 3_000;
    private static final long START_MILLIS_MAX = 10_000;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final UUID id;
    private final Configuration configuration;
    private final String configured;
    private final ShardWatch watch;
    private final Supplier<CompletableFuture<Boolean>> answered;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<Void> started = new CompletableFuture<>();

    private @Nullable Connection connection;
    /** The version of the tables by which all is planned; empty when lapsed. */
    private String known = "";
    /** The version of the topology that has been acknowledged. */
    private long topology;
    /** Counts the times that it has lapsed, so that what was read before is not taken for known afterwards. */
    private int life;

    private boolean registered;
    private boolean learning;
    private long aliveUntilNanos = System.nanoTime();
    private volatile long sureUntilNanos = System.nanoTime();
    /** It can't take part, for lack of rights. */
    private volatile boolean apart;

    /**
     * @param id by which others know it
     * @param topology the version by which it begins to plan
     * @param watch reads the tables
     * @param answered complete when the statements that were planned before the call have been answered
     */
    ProxyPresence(
            UUID id,
            Configuration configuration,
            long topology,
            ShardWatch watch,
            Supplier<CompletableFuture<Boolean>> answered,
            ThreadFactory threads) {
        this.id = id;
        this.configuration = configuration;
        this.configured = ConfiguredTables.digest(configuration.tables());
        this.topology = topology;
        this.watch = watch;
        this.answered = answered;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads);
    }

    /** Begins; waits a moment until it is sure, which it is not while the home shard can't be reached. */
    void start() {
        thread.scheduleWithFixedDelay(this::beat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        try {
            started.get(START_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("it is not sure yet which tables are sharded");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the tables are those that it knows, or whoever changes them waits for it. On any thread. */
    boolean isSure() {
        return apart || sureUntilNanos - System.nanoTime() > 0;
    }

    private void beat() {
        try {
            long begin = System.nanoTime();
            if (registered && begin - aliveUntilNanos > 0) {
                registered = false;
                known = "";
                life++;
                LOG.warn("the home shard could not be told in time that this proxy is alive");
            }
            String current = ProxyRows.beat(connected(), id, known, topology, configured);
            apart = false;
            registered = true;
            aliveUntilNanos = begin + TimeUnit.MILLISECONDS.toNanos(LEASE_MILLIS);
            if (!known.isEmpty()) {
                sureUntilNanos = aliveUntilNanos;
                started.complete(null);
            }
            if (!current.equals(known) && !learning) {
                learn();
            }
        } catch (SQLException e) {
            onFailure(e);
        } catch (RuntimeException e) {
            LOG.error("a beat has failed", e);
        }
    }

    /** Nothing is under way any more by an older topology: others are told at once. On any thread. */
    void acknowledge(long version) {
        try {
            thread.execute(() -> {
                if (version > topology) {
                    topology = version;
                    beat();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the proxy stops, and acknowledges nothing any more", e);
        }
    }

    private void onFailure(SQLException failure) {
        disconnect();
        if (INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState()) && !apart) {
            LOG.warn(
                    "tables must not be declared by SQL, on no proxy: this one can't take part reason=\"{}\"",
                    failure.getMessage());
            apart = true;
        }
        started.complete(null);
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = ShardLogin.open(configuration.shards().get(0), configuration.pool());
            open.setNetworkTimeout(Runnable::run, ANSWER_MILLIS_MAX);
            connection = open;
        }
        return open;
    }

    /** Blocks until no other proxy plans by other tables than those of now. */
    void awaitOthers(Patience patience) throws SQLException, DistributionException {
        try (Connection home = ShardLogin.open(configuration.shards().get(0), configuration.pool())) {
            patience.until(() -> ProxyRows.behind(home, id) == 0);
        }
    }

    private void disconnect() {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException e) {
                LOG.debug("a broken connection", e);
            }
        }
    }

    private void learn() {
        learning = true;
        int now = life;
        watch.refreshNow()
                .thenCompose(version -> answered.get().thenApply(done -> version))
                .whenCompleteAsync(
                        (version, failure) -> onLearnt(now, failure == null ? version.orElse("") : ""), thread);
    }

    private void onLearnt(int then, String version) {
        learning = false;
        if (!version.isEmpty() && then == life) {
            known = version;
            beat();
        }
        if (version.isEmpty()) {
            started.complete(null);
        }
    }

    @Override
    public void close() {
        thread.execute(this::leave);
        ControlThreads.end(thread, ANSWER_MILLIS_MAX);
    }

    /** So that nobody waits for it. */
    private void leave() {
        try {
            if (connection != null) {
                ProxyRows.remove(connection, id);
            }
        } catch (SQLException e) {
            LOG.debug("the row of this proxy stays until it is old", e);
        }
        disconnect();
    }
}
