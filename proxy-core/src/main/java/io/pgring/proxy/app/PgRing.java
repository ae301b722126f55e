package io.pgring.proxy.app;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.pgring.proxy.admin.AdminConsole;
import io.pgring.proxy.admin.AdminHttp;
import io.pgring.proxy.admin.ProxyStatus;
import io.pgring.proxy.admin.ReloadReport;
import io.pgring.proxy.admin.RingConsole;
import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.authentication.RoleQuery;
import io.pgring.proxy.backend.Attachments;
import io.pgring.proxy.backend.ServerConnector;
import io.pgring.proxy.backend.UserPools;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.exchange.ExchangeServices;
import io.pgring.proxy.exchange.Exchanges;
import io.pgring.proxy.exchange.TextBuffer;
import io.pgring.proxy.fanout.Coordination;
import io.pgring.proxy.frontend.ClientConnection;
import io.pgring.proxy.frontend.ClientRegistry;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.frontend.FrontendServices;
import io.pgring.proxy.frontend.SessionWatch;
import io.pgring.proxy.loop.FlushQueue;
import io.pgring.proxy.metrics.ClientMetrics;
import io.pgring.proxy.metrics.ShardMetrics;
import io.pgring.proxy.net.Listener;
import io.pgring.proxy.net.Transport;
import io.pgring.proxy.notify.Notifications;
import io.pgring.proxy.notify.Switchboard;
import io.pgring.proxy.recovery.TransactionRecovery;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.tls.TlsContexts;
import io.pgring.proxy.tls.TlsException;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyView;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private static final int CHANGING_THREADS = 3;

    private final UUID id = UUID.randomUUID();
    private final FirstPlacement placed;
    /** With the shards of the catalog. */
    private final Configuration configuration;

    private final ConfigurationView inForce;
    private final FaultPoints faults;
    private final Reload reload;
    private final ScheduledExecutorService recovering =
            Executors.newSingleThreadScheduledExecutor(ControlThreads.named("pgring-recovery"));
    private final ExecutorService blocking =
            Executors.newFixedThreadPool(BLOCKING_THREADS, ControlThreads.named("pgring-blocking"));
    /** Changes of the ring take long, and their aborts come meanwhile. */
    private final ExecutorService changing =
            Executors.newFixedThreadPool(CHANGING_THREADS, ControlThreads.named("pgring-ring"));

    private final List<FrontendLoop> frontendLoops = new ArrayList<>();
    private final ClientRegistry clients = new ClientRegistry();
    private final Drain drain = new Drain(clients);
    private final ClientMetrics clientMetrics = new ClientMetrics();
    private @Nullable TopologyView topologies;
    private @Nullable ServerConnector connector;
    private @Nullable EventLoopGroup loops;
    private @Nullable TlsContexts tls;
    private @Nullable Listener postgresql;
    private @Nullable Listener http;
    private @Nullable Switchboard switchboard;
    private @Nullable ControlSide controlSide;
    private @Nullable Authenticator authenticator;
    private volatile @Nullable ProxyStatus status;
    private volatile boolean closed;

    private PgRing(Configuration configuration, FaultPoints faults, Reload.Source source) throws StartupException {
        this.placed = FirstPlacement.of(configuration);
        this.configuration = placed.configuration();
        this.inForce = new ConfigurationView(placed.file());
        this.faults = faults;
        this.reload =
                new Reload(inForce, source, List.of(this::prepareAuthentication, this::preparePools, this::prepareTls));
    }

    /**
     * Starts a proxy. Returns when clients can connect.
     *
     * @throws StartupException when it can't start; nothing is left running then
     */
    public static PgRing start(Configuration configuration) throws StartupException {
        return start(configuration, FaultPoints.NONE);
    }

    /**
     * Starts a proxy that reads the file again at {@link #reload()}.
     *
     * @throws ConfigurationException when the file can't be used
     */
    public static PgRing start(Path file) throws ConfigurationException, StartupException {
        return start(ConfigurationLoader.load(file), FaultPoints.NONE, () -> ConfigurationLoader.load(file));
    }

    /** Starts a proxy that tests may stop in the midst of what it does. */
    public static PgRing start(Configuration configuration, FaultPoints faults) throws StartupException {
        return start(configuration, faults, () -> configuration);
    }

    private static PgRing start(Configuration configuration, FaultPoints faults, Reload.Source source)
            throws StartupException {
        PgRing proxy = new PgRing(configuration, faults, source);
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
        TlsContexts tls = loadTls();
        this.tls = tls;
        FirstLook first = FirstLook.at(placed, blocking);
        TopologyView view = new TopologyView(first.topology());
        topologies = view;
        TransactionRecovery recovery =
                new TransactionRecovery(view, ShardLogin::open, configuration.pool(), recovering);
        int threads = configuration.threads() > 0
                ? configuration.threads()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        Transport transport = Transport.best();
        EventLoopGroup group = transport.newGroup(threads, "pgring-loop");
        loops = group;
        List<ShardMetrics> metrics = new CopyOnWriteArrayList<>();
        PlacementChange.Part counting = PlacementChange.metrics(metrics);
        counting.prepare(view.get().placement());
        ServerConnector connecting = new ServerConnector(
                transport, blocking, configuration.pool().connectMillisMax(), inForce::timeouts, tls);
        connector = connecting;
        UserPools.warnIfNarrow(configuration.pool(), threads);
        FrontendServices services = frontendServices(judge, tls);
        Switchboard listening = new Switchboard(
                (EventLoop) group.iterator().next(), view.get().members(), connecting, clientMetrics.notifications());
        switchboard = listening;
        ControlSide controlling = new ControlSide(id, placed, view, frontendLoops, recovery, faults.moves());
        controlSide = controlling;
        Attachments attachments = new Attachments(id, recovery::endLeft);
        for (EventExecutor executor : group) {
            FlushQueue flushQueue = new FlushQueue((EventLoop) executor);
            UserPools pools =
                    new UserPools(flushQueue, threads, view, metrics, configuration.pool(), connecting, attachments);
            Planner planner = new Planner(view, configuration.limits().planCacheEntriesMax());
            Coordination coordination = new Coordination(recovery, faults.commits(), executor);
            ExchangeServices exchangeServices = new ExchangeServices(
                    pools.configured(),
                    coordination,
                    inForce,
                    clientMetrics,
                    controlling.tables().of((EventLoop) executor),
                    new Exchanges(view, inForce, executor),
                    new Notifications(listening, executor, clientMetrics.notifications()));
            SessionWatch sessions = new SessionWatch((EventLoop) executor, inForce);
            frontendLoops.add(new FrontendLoop(
                    services, flushQueue, planner, new TextBuffer(), pools, sessions, exchangeServices));
        }
        controlling.start(
                first,
                List.of(PlacementChange.tls(tls), counting, PlacementChange.pools(frontendLoops)),
                listening::follow);
        frontendLoops.forEach(loop -> loop.userPools().start());
        frontendLoops.forEach(loop -> loop.sessions().start());
        listening.start();
        openPorts(transport, group, view, metrics, recovery);
    }

    private void openPorts(
            Transport transport,
            EventLoopGroup group,
            TopologyView view,
            List<ShardMetrics> metrics,
            TransactionRecovery recovery)
            throws StartupException {
        ProxyStatus status = new ProxyStatus(
                VersionText.version(), view, metrics, frontendLoops, clientMetrics, recovery::inDoubt, () -> closed);
        this.status = status;
        AdminHttp admin =
                new AdminHttp(inForce, status, authenticator(), ShardLogin::open, blocking, this::loopOf, this::reload);
        postgresql =
                open(transport, group, configuration.listen().postgresql(), channel -> initClient(transport, channel));
        http = open(transport, group, configuration.listen().http(), admin::initChannel);
        LOG.info(
                "started shards={} tables={} transport={} threads={} postgresql={} http={}",
                metrics.size(),
                view.get().catalog().sharded().size(),
                transport,
                frontendLoops.size(),
                postgresqlAddress(),
                httpAddress());
    }

    private FrontendServices frontendServices(Authenticator judge, TlsContexts tls) {
        RingConsole ring = new RingConsole(HomeOptions.administration(placed.file()), changing);
        AdminConsole console = new AdminConsole(() -> Objects.requireNonNull(status), this::reload, blocking, ring);
        return new FrontendServices(configuration.database(), judge, inForce, clientMetrics, clients, tls, console);
    }

    private TlsContexts loadTls() throws StartupException {
        try {
            return TlsContexts.load(configuration);
        } catch (TlsException e) {
            throw new StartupException(
                    String.valueOf(e.getMessage()), "Mend the file, or listen.tls and the tls keys of shards.", e);
        }
    }

    private Authenticator newAuthenticator() throws StartupException {
        RoleQuery roles = new RoleQuery(
                configuration.shards().get(0),
                configuration.pool(),
                ShardLogin::open,
                ControlThreads.named("pgring-roles"));
        try {
            return new Authenticator(AuthenticationSettings.load(configuration.clients()), roles, blocking);
        } catch (ConfigurationException e) {
            roles.close();
            throw new StartupException(
                    String.valueOf(e.getMessage()), "Mend the users file, or name another in clients.usersFile.", e);
        }
    }

    /** What clients are judged by. */
    public Authenticator authenticator() {
        return Objects.requireNonNull(authenticator);
    }

    /** Reads the users file, which may have changed when its name has not. */
    private Runnable prepareAuthentication(Configuration next) throws ConfigurationException {
        AuthenticationSettings settings = AuthenticationSettings.load(next.clients());
        return () -> authenticator().replace(settings);
    }

    /** Reads the files of certificates and keys, for connections that begin afterwards. */
    private Runnable prepareTls(Configuration next) throws TlsException {
        return requireTls().prepare(next);
    }

    private Runnable preparePools(Configuration next) {
        return () -> frontendLoops.forEach(loop -> loop.userPools().reload(next.pool()));
    }

    /**
     * Reads the configuration file again, and brings into force what can be changed at run time; nothing when anything in it is wrong. May
     * block. The log tells what has changed.
     */
    public ReloadReport reload() {
        return reload.run();
    }

    /** What all decisions of this moment rest on. */
    Topology topology() {
        return Objects.requireNonNull(topologies).get();
    }

    /**
     * From now on statements are planned by another placement.
     *
     * @return complete when nothing is under way any more that was begun before, see {@link KnownEverywhere#settled}
     */
    CompletableFuture<Boolean> publish(Placement placement) {
        Objects.requireNonNull(topologies).publish(placement);
        return KnownEverywhere.settled(frontendLoops);
    }

    /** How many clients wait for rows that are moved. Blocks until the event loops have told. */
    int waiting() {
        return KnownEverywhere.waiting(frontendLoops);
    }

    private TlsContexts requireTls() {
        return Objects.requireNonNull(tls);
    }

    private Listener open(Transport transport, EventLoopGroup group, Endpoint endpoint, Consumer<Channel> pipeline)
            throws StartupException {
        try {
            return Listener.open(
                    transport, group, endpoint, configuration.listen().reusePort(), pipeline);
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

    private void initClient(Transport transport, Channel channel) {
        transport.detectLoss(channel, inForce.timeouts().unreachableMillisMax());
        transport.limitUntaken(channel, inForce.timeouts().clientWriteMillisMax());
        channel.pipeline().addLast(new ClientConnection(loopOf(channel), channel));
    }

    /** Where clients of PostgreSQL connect. */
    public InetSocketAddress postgresqlAddress() {
        return Objects.requireNonNull(postgresql).address();
    }

    /** The database that clients connect to. */
    public String database() {
        return configuration.database();
    }

    /** Where HTTP is served. */
    public InetSocketAddress httpAddress() {
        return Objects.requireNonNull(http).address();
    }

    /** {@link #close()} is to wait for no transaction, now or when it comes to that. On any thread. */
    public void hurry() {
        drain.hurry();
    }

    /**
     * Stops. Clients with nothing in flight are sent away, the others when their transaction has ended or time is up; those who come meanwhile
     * are told so, or find another proxy on the same port.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean elsewhere = configuration.listen().reusePort();
        if (elsewhere) {
            closePorts();
        }
        if (connector != null) {
            drain.run(elsewhere, inForce.timeouts().drainMillisMax(), connector);
        }
        if (switchboard != null) {
            switchboard.close().syncUninterruptibly();
        }
        closePorts();
        frontendLoops.forEach(loop -> loop.userPools().close().syncUninterruptibly());
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
        if (controlSide != null) {
            controlSide.close();
        }
        if (authenticator != null) {
            authenticator.close();
        }
        recovering.shutdownNow();
        blocking.shutdownNow();
        changing.shutdownNow();
        LOG.info("stopped");
    }

    private void closePorts() {
        if (postgresql != null) {
            postgresql.close();
        }
        if (http != null) {
            http.close();
        }
    }
}
