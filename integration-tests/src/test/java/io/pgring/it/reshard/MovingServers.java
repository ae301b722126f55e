package io.pgring.it.reshard;

import com.google.common.base.Suppliers;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.Listen;
import io.pgring.proxy.config.MovesConfiguration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.PoolModes;
import io.pgring.proxy.config.RingConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.reshard.Barrier;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.MoveJournal;
import io.pgring.proxy.reshard.Mover;
import io.pgring.proxy.reshard.MoverSettings;
import io.pgring.proxy.reshard.MoverSurroundings;
import io.pgring.proxy.reshard.PlanFigures;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.reshard.Verification;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyCatalog;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Three servers with a catalog, and what stands for the proxies: one placement that all clients of a test act by. A client works under the read
 * lock; a new placement comes into force under the write lock, when all that was begun by the old one has ended.
 */
final class MovingServers {
    private final Servers servers;
    private final List<TableConfiguration> tables;
    private final ReentrantReadWriteLock work = new ReentrantReadWriteLock(true);
    private volatile Placement placement;

    MovingServers(Servers servers, List<TableConfiguration> tables) throws SQLException {
        this.servers = servers;
        this.tables = tables;
        for (int shard = 0; shard < servers.shards().size(); shard++) {
            try (Connection connection = servers.connect(shard)) {
                CatalogSchema.ensureFence(connection);
            }
        }
        try (Connection home = servers.connect(0)) {
            CatalogSchema.ensureHome(home);
            TopologyCatalog.begin(home, configuration());
        }
        placement = read();
    }

    Configuration configuration() {
        Endpoint free = new Endpoint("127.0.0.1", 0);
        return new Configuration(
                new Listen(free, free),
                Configuration.DEFAULT_DATABASE,
                Clients.DEFAULT,
                servers.shards(),
                tables,
                RingConfiguration.DEFAULT,
                PoolConfiguration.DEFAULT,
                PoolModes.DEFAULT,
                Limits.DEFAULT,
                MovesConfiguration.DEFAULT,
                1);
    }

    static Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException {
        String url = "jdbc:postgresql://" + shard.host() + ":" + shard.port() + "/" + shard.database();
        return DriverManager.getConnection(url, shard.user(), Objects.requireNonNullElse(shard.password(), ""));
    }

    private Placement read() throws SQLException {
        try (Connection home = servers.connect(0)) {
            return TopologyCatalog.read(home, servers.shards()).orElseThrow();
        }
    }

    Servers servers() {
        return servers;
    }

    /** The placement in force. */
    Placement placement() {
        return placement;
    }

    /** The shard of a token, by the placement in force. */
    int shardOf(int token) {
        return topology(placement).shardOf(token);
    }

    private Topology topology(Placement now) {
        return new Topology(1, now, catalog, Gathering.unavailable("There is no proxy."), List.of());
    }

    private final Catalog catalog = new Catalog(List.of(), List.of(), Map.of());

    /** The topology as a mover knows it: the tables as they are when it first asks, as proxies learn of changes late. */
    private Supplier<Topology> known() {
        Supplier<Catalog> tables = Suppliers.memoize(this::inspect);
        return () -> topology(tables.get());
    }

    Topology topology() {
        return topology(inspect());
    }

    private Topology topology(Catalog tables) {
        try {
            return new Topology(1, read(), tables, Gathering.unavailable("There is no proxy."), List.of());
        } catch (SQLException e) {
            throw new AssertionError("the home shard does not answer", e);
        }
    }

    private Catalog inspect() {
        try {
            DeclaredTables declared = DeclaredTables.read(configuration(), MovingServers::open);
            ShardInspection inspection = ShardInspection.of(
                    servers.shards().get(0), declared, PoolConfiguration.DEFAULT, MovingServers::open);
            if (!inspection.problems().isEmpty()) {
                throw new AssertionError(inspection.problems().toString());
            }
            return Objects.requireNonNull(inspection.catalog());
        } catch (SQLException e) {
            throw new AssertionError("the home shard does not answer", e);
        }
    }

    /** A client works by the placement in force until {@link #end}. */
    void begin() {
        work.readLock().lock();
    }

    /** A client has ended its transaction. */
    void end() {
        work.readLock().unlock();
    }

    /** What a client does that has to wait: asks again. */
    void refresh() throws SQLException {
        work.writeLock().lock();
        try {
            placement = read();
        } finally {
            work.writeLock().unlock();
        }
    }

    private boolean await(long version, List<Shard> shards, Duration most) throws SQLException, InterruptedException {
        if (!work.writeLock().tryLock(Math.max(0, most.toMillis()), TimeUnit.MILLISECONDS)) {
            return false;
        }
        try {
            placement = read();
            return placement.version() >= version;
        } finally {
            work.writeLock().unlock();
        }
    }

    /** Small steps, so that there are many. */
    static final MoverSettings SMALL_STEPS = new MoverSettings(
            60,
            50,
            0,
            1,
            500,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            Duration.ofSeconds(15));

    Mover mover(ControlPoint control) {
        return mover(control, SMALL_STEPS);
    }

    Mover mover(ControlPoint control, MoverSettings settings) {
        Barrier barrier = this::await;
        return new Mover(new MoverSurroundings(
                known(), MovingServers::open, PoolConfiguration.DEFAULT, barrier, control, settings));
    }

    /** One that is known to the shards as others. */
    Mover moverBy(ShardAccess access) {
        return new Mover(new MoverSurroundings(
                known(), access, PoolConfiguration.DEFAULT, this::await, ControlPoint.NONE, SMALL_STEPS));
    }

    /** One that waits in another way. */
    Mover moverWith(Barrier barrier) {
        return new Mover(new MoverSurroundings(
                known(), MovingServers::open, PoolConfiguration.DEFAULT, barrier, ControlPoint.NONE, SMALL_STEPS));
    }

    /** Makes all moves that are open, once the lock of a mover that has just died is free. */
    static void complete(Mover mover) {
        Eventually.holds("the lock of movers is free", Duration.ofMinutes(5), mover::run);
    }

    List<Verification.Finding> verify() throws SQLException {
        return new Verification(this::topology, MovingServers::open, PoolConfiguration.DEFAULT).run();
    }

    List<PlanFigures> figures(RingPlan plan, boolean count) throws SQLException {
        return PlanFigures.of(plan, topology(), MovingServers::open, PoolConfiguration.DEFAULT, count);
    }

    /** Writes moves into the journal. */
    List<JournalEntry> plan(RingPlan plan) throws SQLException {
        try (Connection home = servers.connect(0)) {
            return new MoveJournal(home).add(plan);
        }
    }

    JournalEntry move(long id) throws SQLException {
        try (Connection home = servers.connect(0)) {
            return new MoveJournal(home).read(id);
        }
    }

    boolean abort(long id) throws SQLException {
        try (Connection home = servers.connect(0)) {
            return new MoveJournal(home).abort(id, "as the test wants it");
        }
    }

    /** Whatever belongs to a move that is over, on any server: nothing. */
    String leftovers() throws SQLException {
        return leftovers(servers);
    }

    static String leftovers(Servers servers) throws SQLException {
        StringBuilder found = new StringBuilder();
        for (int shard = 0; shard < servers.shards().size(); shard++) {
            found.append(servers.value(shard, """
                    SELECT coalesce(string_agg(thing, ' '), '') FROM (
                        SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'pgring%'
                        UNION ALL SELECT relname::text FROM pg_class c WHERE relnamespace = 'pgring'::regnamespace
                            AND relname ~ '^(outbox|gate|cursors)_[0-9]'
                        UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'pgring'::regnamespace
                            AND proname ~ '^(capture|truncated)_'
                        UNION ALL SELECT arcs::text FROM pgring.hidden WHERE NOT isempty(arcs)) AS x(thing)"""));
        }
        return found.toString();
    }
}
