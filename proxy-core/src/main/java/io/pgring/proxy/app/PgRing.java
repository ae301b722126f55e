package io.pgring.proxy.app;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.proxy.admin.AdminHttp;
import io.pgring.proxy.admin.ProxyStatus;
import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.authentication.RoleQuery;
import io.pgring.proxy.backend.ServerConnector;
import io.pgring.proxy.backend.UserPools;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.distribution.TableAdministration;
import io.pgring.proxy.exchange.ExchangeServices;
import io.pgring.proxy.exchange.Exchanges;
import io.pgring.proxy.exchange.TextBuffer;
import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.fanout.Coordination;
import io.pgring.proxy.frontend.ClientConnection;
import io.pgring.proxy.frontend.ClientRegistry;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.frontend.FrontendServices;
import io.pgring.proxy.gather.GatherObjects;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.net.Listener;
import io.pgring.proxy.net.Transport;
import io.pgring.proxy.recovery.TransactionRecovery;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.ShardWatch;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyView;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy, put together here and nowhere else: control threads look at the shards, every event loop gets its planner and
 * its pools, the ports are opened last. {@link #close()} goes the other way.
 */
public final class PgRing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PgRing.class);
    private static final int BLOCKING_THREADS = 4;
    private static final long DRAIN_MILLIS_MAX = 10_000;
    private static final long DRAIN_POLL_MILLIS = 20;

    private final Configuration configuration;
    private final CommitGate gate;
    private final ScheduledExecutorService control =
            Executors.newSingleThreadScheduledExecutor(thread("pgring-control"));
    private final ScheduledExecutorService recovering =
            Executors.newSingleThreadScheduledExecutor(thread("pgring-recovery"));
    private final ExecutorService blocking = Executors.newFixedThreadPool(BLOCKING_THREADS, thread("pgring-blocking"));
    private final List<FrontendLoop> frontendLoops = new ArrayList<>();
    private final ClientRegistry clients = new ClientRegistry();
    private final ClientMetrics clientMetrics = new ClientMetrics();
    private @Nullable EventLoopGroup loops;
    private @Nullable Listener postgresql;
    private @Nullable Listener http;
    private @Nullable ShardWatch watch;
    private @Nullable TableCommands commands;
    private @Nullable ProxyPresence presence;
    private @Nullable Authenticator authenticator;
    private volatile boolean closed;

    private PgRing(Configuration configuration, CommitGate gate) {
        this.configuration = configuration;
        this.gate = gate;
    }

    private static ThreadFactory thread(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Starts a proxy. Returns when clients can connect.
     *
     * @throws StartupException when it can't start; nothing is left running then
     */
    public static PgRing start(Configuration configuration) throws StartupException {
        return start(configuration, CommitGate.OPEN);
    }

    /**
     * Starts a proxy some of whose commits may never be finished.
     *
     * @param gate for the messages of commits on several shards
     */
    public static PgRing start(Configuration configuration, CommitGate gate) throws StartupException {
        PgRing proxy = new PgRing(configuration, gate);
        try {
            proxy.run();
            return proxy;
        } catch (StartupException | RuntimeException | Error e) {
            proxy.close();
            throw e;
        }
    }

    private void run() throws StartupException {
        Authenticator judge = newAuthenticator();
        authenticator = judge;
        recoverTables();
        List<ShardInspection> found = inspectShards();
        TopologyView view = new TopologyView(topology(found));
        TransactionRecovery recovery =
                new TransactionRecovery(view, ShardLogin::open, configuration.pool(), recovering);
        int threads = configuration.threads() > 0
                ? configuration.threads()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        Transport transport = Transport.best();
        EventLoopGroup group = transport.newGroup(threads, "pgring-loop");
        loops = group;
        List<Shard> shards = view.get().shards();
        List<ShardMetrics> metrics =
                shards.stream().map(shard -> new ShardMetrics()).toList();
        ServerConnector connector =
                new ServerConnector(transport, blocking, configuration.pool().connectMillisMax());
        UserPools.warnIfNarrow(configuration.pool(), threads);
        FrontendServices services = frontendServices(judge);
        TableCommands tables = tableCommands(view);
        commands = tables;
        for (EventExecutor executor : group) {
            FlushQueue flushQueue = new FlushQueue((EventLoop) executor);
            UserPools pools = new UserPools(flushQueue, threads, shards, metrics, configuration.pool(), connector);
            Planner planner = new Planner(view, configuration.limits().planCacheEntriesMax());
            Coordination coordination = new Coordination(recovery, gate, executor);
            ExchangeServices exchangeServices = new ExchangeServices(
                    pools.configured(),
                    coordination,
                    configuration.limits(),
                    clientMetrics,
                    tables.of((EventLoop) executor),
                    new Exchanges());
            frontendLoops.add(
                    new FrontendLoop(services, flushQueue, planner, new TextBuffer(), pools, exchangeServices));
        }
        startControl(view, found, recovery);
        tables.start();
        frontendLoops.forEach(loop -> loop.userPools().start());
        ProxyStatus status = new ProxyStatus(
                VersionText.version(), view, metrics, frontendLoops, clientMetrics, recovery::inDoubt, () -> closed);
        AdminHttp admin = new AdminHttp(configuration, status, judge, ShardLogin::open, blocking, this::loopOf);
        postgresql = open(transport, group, configuration.listen().postgresql(), this::initClient);
        http = open(transport, group, configuration.listen().http(), admin::initChannel);
        LOG.info(
                "started shards={} tables={} transport={} threads={} postgresql={} http={}",
                shards.size(),
                view.get().catalog().sharded().size(),
                transport,
                threads,
                postgresqlAddress(),
                httpAddress());
    }

    private FrontendServices frontendServices(Authenticator judge) {
        return new FrontendServices(configuration.database(), judge, configuration.limits(), clientMetrics, clients);
    }

    private Authenticator newAuthenticator() throws StartupException {
        RoleQuery roles = new RoleQuery(
                configuration.shards().get(0), configuration.pool(), ShardLogin::open, thread("pgring-roles"));
        try {
            return new Authenticator(AuthenticationSettings.load(configuration.clients()), roles, blocking);
        } catch (ConfigurationException e) {
            roles.close();
            throw new StartupException(
                    String.valueOf(e.getMessage()), "Mend the users file, or name another in clients.usersFile.", e);
        }
    }

    /** What clients are judged by; its settings can be replaced while the proxy runs. */
    public Authenticator authenticator() {
        return Objects.requireNonNull(authenticator);
    }

    /**
     * Looks at the home shard, then at all others at once. Those that can't be reached are tried again later; one that is unfit stops the
     * start.
     */
    private List<ShardInspection> inspectShards() throws StartupException {
        List<ShardInspection> found = ShardInspection.ofAll(configuration, ShardLogin::open, blocking);
        List<String> problems = new ArrayList<>();
        for (ShardInspection inspection : found) {
            if (!inspection.isUnreachable()) {
                inspection
                        .problems()
                        .forEach(problem ->
                                problems.add("shard " + inspection.shard().name() + ": " + problem));
            }
            if (found.size() > 1) {
                inspection
                        .warnings()
                        .forEach(warning -> LOG.warn(
                                "shard lacks something shard={} warning=\"{}\"",
                                inspection.shard().name(),
                                warning));
            }
        }
        if (!problems.isEmpty()) {
            throw new StartupException(
                    String.join("\n", problems),
                    "Create the sharded tables with the same definition on every shard; pgring check --connect looks again.");
        }
        if (found.stream().allMatch(ShardInspection::isUnreachable)) {
            throw new StartupException(
                    "no shard can be reached: shard " + found.get(0).shard().name() + ": "
                            + String.join("; ", found.get(0).problems()),
                    "Start the servers, or mend host, port, user and password under shards.");
        }
        return found;
    }

    /** Before clients can see what a crash has left half done. */
    private void recoverTables() {
        Topology bare = topology(new Catalog(List.of(), List.of(), Map.of()));
        try {
            new TableAdministration(configuration, () -> bare, ShardLogin::open, () -> {}).recover();
        } catch (DistributionException e) {
            LOG.warn("tables that are half way to other shards or back stay refused reason=\"{}\"", e.getMessage());
        }
    }

    private Topology topology(Catalog catalog) {
        List<Shard> shards = IntStream.range(0, configuration.shards().size())
                .mapToObj(i -> new Shard(i, configuration.shards().get(i)))
                .toList();
        List<RingMember> members = shards.stream()
                .map(shard -> new RingMember(shard.name(), shard.configuration().weight()))
                .toList();
        return new Topology(1, shards, Ring.of(members, configuration.ring().pointsPerWeight()), catalog);
    }

    private Topology topology(List<ShardInspection> found) throws StartupException {
        Catalog catalog = found.stream()
                .map(ShardInspection::catalog)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElseThrow(() -> new StartupException("the tables of no shard can be read", "See the log."));
        for (ShardInspection inspection : found) {
            Catalog other = inspection.catalog();
            if (other != null && !other.differenceTo(catalog).isEmpty()) {
                throw new StartupException(
                        "shard " + inspection.shard().name() + ": " + other.differenceTo(catalog),
                        "Columns, their order and types must be the same on every shard.");
            }
        }
        return topology(catalog);
    }

    private void watchShards(TopologyView view, List<ShardInspection> found, TransactionRecovery recovery) {
        ShardWatch looking = new ShardWatch(
                configuration,
                view,
                ShardLogin::open,
                (shard, reason) -> {
                    if (reason == null) {
                        recovery.onShardFit(shard);
                    }
                    frontendLoops.forEach(loop -> loop.userPools().bar(shard, reason));
                },
                new GatherObjects(ShardLogin::open, configuration.pool()),
                control);
        for (Shard shard : view.get().shards()) {
            if (found.get(shard.index()).isUnreachable()) {
                looking.barFirst(
                        shard, String.join("; ", found.get(shard.index()).problems()));
            }
        }
        watch = looking;
        looking.start();
    }

    private TableCommands tableCommands(TopologyView view) {
        return new TableCommands(
                configuration,
                view,
                this::requireWatch,
                this::requirePresence,
                client -> new KnownEverywhere(requireWatch(), requirePresence(), frontendLoops, client),
                thread("pgring-tables"));
    }

    private void startControl(TopologyView view, List<ShardInspection> found, TransactionRecovery recovery) {
        watchShards(view, found, recovery);
        ProxyPresence here = new ProxyPresence(
                configuration,
                requireWatch(),
                () -> KnownEverywhere.answered(frontendLoops),
                thread("pgring-presence"));
        presence = here;
        here.start();
        recovery.start();
    }

    private ProxyPresence requirePresence() {
        return Objects.requireNonNull(presence);
    }

    private ShardWatch requireWatch() {
        return Objects.requireNonNull(watch);
    }

    private static Listener open(
            Transport transport, EventLoopGroup group, Endpoint endpoint, Consumer<Channel> pipeline)
            throws StartupException {
        try {
            return Listener.open(transport, group, endpoint, pipeline);
        } catch (Exception e) {
            throw new StartupException(
                    "can't listen on " + endpoint + ": " + e.getMessage(),
                    "Stop what uses the port, or choose another in the configuration.",
                    e);
        }
    }

    private FrontendLoop loopOf(Channel channel) {
        for (FrontendLoop loop : frontendLoops) {
            if (loop.flushQueue().loop() == channel.eventLoop()) {
                return loop;
            }
        }
        throw new IllegalStateException("a channel of another event loop group");
    }

    private void initClient(Channel channel) {
        channel.pipeline().addLast(new ClientConnection(loopOf(channel), channel));
    }

    /** Where clients of PostgreSQL connect. */
    public InetSocketAddress postgresqlAddress() {
        return Objects.requireNonNull(postgresql).address();
    }

    /** Where HTTP is served. */
    public InetSocketAddress httpAddress() {
        return Objects.requireNonNull(http).address();
    }

    /** Stops: no new clients, those with nothing in flight are sent away, the others when they are done or time is up. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (postgresql != null) {
            postgresql.close();
        }
        drainClients();
        if (http != null) {
            http.close();
        }
        frontendLoops.forEach(loop -> loop.userPools().close().syncUninterruptibly());
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
        if (commands != null) {
            commands.close();
        }
        if (presence != null) {
            presence.close();
        }
        if (authenticator != null) {
            authenticator.close();
        }
        control.shutdownNow();
        recovering.shutdownNow();
        blocking.shutdownNow();
        LOG.info("stopped");
    }

    private void drainClients() {
        clients.connections().forEach(ClientConnection::drain);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS_MAX);
        while (!clients.connections().isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(DRAIN_POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
