package io.pgring.proxy.admin;

import io.pgring.proxy.backend.PoolUse;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.metrics.NotificationMetrics;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** Puts the numbers of the proxy into metric families: names end with their unit, as Prometheus wants it. */
final class MetricFamilies {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Upper bounds of the latency's buckets, in seconds. */
    private static final double[] BOUNDS = {
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private final ProxyStatus status;
    private final Topology topology;
    private final List<PoolUse> uses;
    private final MetricSnapshots.Builder families = MetricSnapshots.builder();

    /** @param uses of the pools by shard index; empty when they are not known */
    MetricFamilies(ProxyStatus status, List<PoolUse> uses) {
        this.status = status;
        this.topology = status.topology();
        this.uses = uses;
    }

    /** All of them. */
    MetricSnapshots all() {
        addProxy();
        addClients();
        addShards();
        addPools();
        return families.build();
    }

    private void addProxy() {
        families.metricSnapshot(InfoSnapshot.builder()
                .name("pgring_build")
                .help("The program.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", status.version()))
                        .build())
                .build());
        gauge("pgring_uptime_seconds", "Time since the proxy was started.", (double) status.uptimeSeconds());
        gauge("pgring_topology_version", "Grows with every change of shards, ring and tables.", (double)
                topology.version());
        gauge(
                "pgring_in_doubt_transactions",
                "Prepared transactions that nobody can end yet.",
                status.inDoubt().size());
    }

    private void addClients() {
        ClientMetrics clients = status.clients();
        NotificationMetrics heard = clients.notifications();
        gauge("pgring_clients", "Clients that are connected.", clients.connected());
        counter("pgring_clients_accepted", "Clients that were let in.", clients.accepted());
        counter("pgring_clients_turned_away", "Clients for which there was no room.", clients.turnedAway());
        counter("pgring_refused_statements", "Statements that the proxy refused.", clients.refusedStatements());
        gauge("pgring_listeners", "Clients that listen to a channel.", heard.listeners());
        gauge("pgring_channels", "Channels to which any client listens.", heard.channels());
        counter("pgring_notifications_delivered", "Notifications sent to clients.", heard.delivered());
        gauge(
                "pgring_pinned_connections",
                "Server connections that clients keep for what they left in their sessions.",
                clients.pins().connectionsNow());
        CounterSnapshot.Builder pins = CounterSnapshot.builder()
                .name("pgring_pins")
                .help("Times that a connection was pinned, by reason: one may have several.");
        for (PinReason reason : PinReason.values()) {
            pins.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(Labels.of("reason", reason.word()))
                    .value((double) clients.pins().total(reason))
                    .build());
        }
        families.metricSnapshot(pins.build());
    }

    private void addShards() {
        perShard(
                "pgring_shard_up",
                "Whether the shard answers.",
                shard -> status.stateOf(shard).isUp() ? 1 : 0);
        perShard("pgring_shard_share", "Part of the ring that the shard owns, 0 to 1.", topology::shareOf);
        counterPerShard("pgring_shard_errors", "ErrorResponses, and exchanges lost.", ShardMetrics::errors);
        counterPerShard("pgring_shard_connections_opened", "Logins.", ShardMetrics::connectionsOpened);
        counterPerShard("pgring_shard_connections_failed", "Failed attempts.", ShardMetrics::connectionsFailed);
        HistogramSnapshot.Builder latency = HistogramSnapshot.builder()
                .name("pgring_exchange_duration_seconds")
                .help("From the first message of an exchange to the ReadyForQuery of the shard.");
        for (Shard shard : topology.shards()) {
            latency.dataPoint(latency(labels(shard), status.metricsOf(shard).latencyNanos()));
        }
        families.metricSnapshot(latency.build());
    }

    private static HistogramDataPointSnapshot latency(Labels labels, Histogram nanos) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (double bound : BOUNDS) {
            long count = nanos.getCountBetweenValues(0, Math.round(bound * NANOS_PER_SECOND));
            buckets.bucket(bound, count - below);
            below = count;
        }
        buckets.bucket(Double.POSITIVE_INFINITY, nanos.getTotalCount() - below);
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets.build())
                .sum(nanos.getMean() * nanos.getTotalCount() / NANOS_PER_SECOND)
                .build();
    }

    private void addPools() {
        GaugeSnapshot.Builder connections = GaugeSnapshot.builder()
                .name("pgring_pool_connections")
                .help("Server connections: used by a statement or transaction, kept by a session, or idle.");
        for (Shard shard : known()) {
            PoolUse use = uses.get(shard.index());
            connections.dataPoint(inState(shard, "idle", use.idle()));
            connections.dataPoint(inState(shard, "kept", use.kept()));
            connections.dataPoint(inState(shard, "used", Math.max(0, use.open() - use.idle() - use.kept())));
        }
        families.metricSnapshot(connections.build());
        GaugeSnapshot.Builder waiting =
                GaugeSnapshot.builder().name("pgring_pool_waiting").help("Clients that wait for a connection.");
        known().forEach(shard ->
                waiting.dataPoint(point(labels(shard), uses.get(shard.index()).waiting())));
        families.metricSnapshot(waiting.build());
    }

    private List<Shard> known() {
        return topology.shards().stream()
                .filter(shard -> shard.index() < uses.size())
                .toList();
    }

    private static GaugeDataPointSnapshot inState(Shard shard, String state, int connections) {
        return point(Labels.of("shard", shard.name(), "state", state), connections);
    }

    private static Labels labels(Shard shard) {
        return Labels.of("shard", shard.name());
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private void gauge(String name, String help, double value) {
        families.metricSnapshot(GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, value))
                .build());
    }

    private void counter(String name, String help, long value) {
        families.metricSnapshot(CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(
                        CounterDataPointSnapshot.builder().value((double) value).build())
                .build());
    }

    private void perShard(String name, String help, ToDoubleFunction<Shard> value) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        for (Shard shard : topology.shards()) {
            family.dataPoint(point(labels(shard), value.applyAsDouble(shard)));
        }
        families.metricSnapshot(family.build());
    }

    private void counterPerShard(String name, String help, ToLongFunction<ShardMetrics> value) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        for (Shard shard : topology.shards()) {
            family.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels(shard))
                    .value((double) value.applyAsLong(status.metricsOf(shard)))
                    .build());
        }
        families.metricSnapshot(family.build());
    }
}
