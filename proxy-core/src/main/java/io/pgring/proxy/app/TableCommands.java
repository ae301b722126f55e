package io.pgring.proxy.app;

import io.netty.channel.EventLoop;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.distribution.Announcement;
import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.distribution.TableAdministration;
import io.pgring.proxy.exchange.TableControl;
import io.pgring.proxy.exchange.TableOrder;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.topology.ShardWatch;
import io.pgring.proxy.topology.TopologyView;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what clients ask of tables. One thread does so for all of them, one order after the other, as the lock of
 * {@link TableAdministration} would have it anyway: an order that moves many rows keeps nothing but other orders waiting.
 */
final class TableCommands implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableCommands.class);

    private static final long RECOVERY_SECONDS = 10;

    private final Configuration configuration;
    private final TopologyView view;
    private final Supplier<ShardWatch> watch;
    private final Function<TableControl.Client, Announcement> announcements;
    private final Supplier<ProxyPresence> presence;
    private final Set<String> configured;
    private final ScheduledExecutorService thread;

    /** @param announcements of the changes that a client has asked for */
    TableCommands(
            Configuration configuration,
            TopologyView view,
            Supplier<ShardWatch> watch,
            Supplier<ProxyPresence> presence,
            Function<TableControl.Client, Announcement> announcements,
            ThreadFactory threads) {
        this.configuration = configuration;
        this.view = view;
        this.watch = watch;
        this.presence = presence;
        this.configured = configuration.tables().stream()
                .map(TableConfiguration::qualifiedName)
                .collect(Collectors.toUnmodifiableSet());
        this.announcements = announcements;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads);
    }

    /** Begins to end what other proxies have left half done: nobody may use those tables until then. */
    void start() {
        thread.scheduleWithFixedDelay(this::recover, RECOVERY_SECONDS, RECOVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void recover() {
        try {
            new TableAdministration(configuration, view, ShardLogin::open, () -> {}).recover();
        } catch (DistributionException | RuntimeException e) {
            LOG.debug("tables that are half way to other shards or back stay refused", e);
        }
    }

    /** What the clients of an event loop call. */
    TableControl of(EventLoop loop) {
        return new TableControl() {
            @Override
            public boolean isSure(Plan plan) {
                return presence.get().isSure() || plan.concernsOnly(configured);
            }

            @Override
            public void refresh(Runnable then) {
                watch.get().refreshNow().whenComplete((known, failure) -> loop.execute(then));
            }

            @Override
            public void run(TableOrder order, Client client) {
                thread.execute(() -> {
                    ErrorResponse error = carryOut(order, client, loop);
                    CompletionStage<Optional<String>> known = watch.get().refreshNow();
                    known.whenComplete((done, failure) -> loop.execute(() -> client.onDone(error)));
                });
            }
        };
    }

    /** @return why it was not done; null when it was */
    private @Nullable ErrorResponse carryOut(TableOrder order, TableControl.Client client, EventLoop loop) {
        try {
            OrderedTable table = OrderedTable.find(order, configuration);
            OrderProgress progress = new OrderProgress(order, table, client, loop);
            TableAdministration administration =
                    new TableAdministration(configuration, view, ShardLogin::open, announcements.apply(client));
            switch (order.verb()) {
                case DISTRIBUTE ->
                    administration.distribute(
                            table.schema(), table.name(), String.valueOf(order.keyColumn()), progress);
                case REFERENCE -> administration.makeReference(table.schema(), table.name(), progress);
                case UNDISTRIBUTE -> administration.undistribute(table.schema(), table.name(), progress);
            }
            LOG.info(
                    "table is declared anew table={}.{} by={}",
                    table.schema(),
                    table.name(),
                    order.verb().function());
            return null;
        } catch (SQLException | DistributionException | RuntimeException e) {
            ErrorResponse error = OrderErrors.of(e);
            LOG.info(
                    "table is left as it is by={} sqlState={} reason=\"{}\"",
                    order.verb().function(),
                    error.sqlState(),
                    error.message());
            return error;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
