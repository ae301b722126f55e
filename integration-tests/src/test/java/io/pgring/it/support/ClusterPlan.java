package io.pgring.it.support;

import io.pgring.proxy.app.FaultPoints;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.Endpoint;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.Listen;
import io.pgring.proxy.config.ListenTls;
import io.pgring.proxy.config.MovesConfiguration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.PoolModes;
import io.pgring.proxy.config.RingConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.reshard.ControlPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How a cluster differs from the usual one: three servers, the table {@code kv} on all of them, the proxy's defaults. */
public final class ClusterPlan {
    private final List<TableConfiguration> tables = new ArrayList<>();
    private final StringBuilder ddl = new StringBuilder();
    private int shardCount = 3;
    private @Nullable Servers servers;
    private UnaryOperator<ShardConfiguration> shard = UnaryOperator.identity();
    private Clients clients = Clients.DEFAULT;
    private ListenTls tls = ListenTls.DISABLED;
    private PoolConfiguration pool = PoolConfiguration.DEFAULT;
    private PoolModes modes = PoolModes.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private FaultPoints faults = FaultPoints.NONE;
    private int threads;
    private boolean keepsTopology;

    ClusterPlan() {
        table("kv", "key", "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text)");
    }

    /** How many servers to start. */
    public ClusterPlan shardCount(int count) {
        this.shardCount = count;
        return this;
    }

    /** Takes the servers of another cluster, which keeps them: cheaper than starting more. */
    public ClusterPlan on(Servers running) {
        this.servers = running;
        return this;
    }

    /** Another sharded table, made on every server by {@code create}, which must not mind that it exists. */
    public ClusterPlan table(String name, String keyColumn, String create) {
        tables.add(TableConfiguration.parse(name, keyColumn));
        ddl.append(create).append(";\n");
        return this;
    }

    /** A reference table, made on every server by {@code create}, which must not mind that it exists. */
    public ClusterPlan reference(String name, String create) {
        tables.add(TableConfiguration.parseReference(name));
        return everywhere(create);
    }

    /** SQL run on every server before the proxy starts. */
    public ClusterPlan everywhere(String sql) {
        ddl.append(sql).append(";\n");
        return this;
    }

    /** How the proxy reaches each shard, if not as the servers say. */
    public ClusterPlan shard(UnaryOperator<ShardConfiguration> change) {
        this.shard = change;
        return this;
    }

    /** Who may come in. */
    public ClusterPlan clients(Clients who) {
        this.clients = who;
        return this;
    }

    /** TLS towards clients. */
    public ClusterPlan tls(ListenTls ofClients) {
        this.tls = ofClients;
        return this;
    }

    /** The pools. */
    public ClusterPlan pool(PoolConfiguration pools) {
        this.pool = pools;
        return this;
    }

    /** How long clients keep server connections. */
    public ClusterPlan modes(PoolModes ofUsers) {
        this.modes = ofUsers;
        return this;
    }

    /** The limits. */
    public ClusterPlan limits(Limits most) {
        this.limits = most;
        return this;
    }

    /** What messages of commits on several shards must pass. */
    public ClusterPlan gate(CommitGate commitGate) {
        this.faults = new FaultPoints(commitGate, faults.moves());
        return this;
    }

    /** What a move must pass. */
    public ClusterPlan moves(ControlPoint control) {
        this.faults = new FaultPoints(faults.commits(), control);
        return this;
    }

    /** Event loops of the proxy; 0 lets it choose. */
    public ClusterPlan threads(int count) {
        this.threads = count;
        return this;
    }

    /** Another proxy of the shards of a cluster that is at work. */
    public ClusterPlan beside(Cluster other) {
        return on(other.servers()).keepTopology();
    }

    /** Takes the shards that other proxies have left in the catalog, or are at work with, not those of this plan. */
    public ClusterPlan keepTopology() {
        this.keepsTopology = true;
        return this;
    }

    boolean keepsTopology() {
        return keepsTopology;
    }

    FaultPoints faults() {
        return faults;
    }

    int shardCount() {
        return shardCount;
    }

    @Nullable
    Servers servers() {
        return servers;
    }

    String ddl() {
        return ddl.toString();
    }

    List<TableConfiguration> tables() {
        return List.copyOf(tables);
    }

    Configuration configuration(Servers running) {
        Endpoint free = new Endpoint("127.0.0.1", 0);
        List<ShardConfiguration> shards = running.shards().stream().map(shard).toList();
        return new Configuration(
                new Listen(free, free, false, tls),
                Configuration.DEFAULT_DATABASE,
                clients,
                shards,
                tables,
                RingConfiguration.DEFAULT,
                pool,
                modes,
                limits,
                MovesConfiguration.DEFAULT,
                threads);
    }
}
