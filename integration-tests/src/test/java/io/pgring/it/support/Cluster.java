package io.pgring.it.support;

import io.pgring.hashring.Arc;
import io.pgring.hashring.Ring;
import io.pgring.hashring.Token;
import io.pgring.proxy.app.PgRing;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Servers and a proxy in front of them. What it says of the ring it takes from the ring itself, not from the proxy, so that tests can
 * hold the proxy to it.
 */
public final class Cluster implements AutoCloseable {
    private final Servers servers;
    private final boolean ownsServers;
    private final Configuration configuration;
    private final PgRing proxy;
    private final Ring ring;
    private final int[] shardOfMember;

    private Cluster(Servers servers, boolean ownsServers, Configuration configuration, PgRing proxy) {
        this.servers = servers;
        this.ownsServers = ownsServers;
        this.configuration = configuration;
        this.proxy = proxy;
        this.ring = configuration.ring().of(configuration.shards());
        List<String> names =
                configuration.shards().stream().map(shard -> shard.name()).toList();
        this.shardOfMember = ring.members().stream()
                .mapToInt(member -> names.indexOf(member.name()))
                .toArray();
    }

    /** Starts a cluster that differs from the usual one by what {@code change} does to its plan. */
    public static Cluster start(Consumer<ClusterPlan> change) throws Exception {
        ClusterPlan plan = new ClusterPlan();
        change.accept(plan);
        Servers running = plan.servers();
        boolean owns = running == null;
        Servers servers = running == null ? Servers.running(plan.shardCount()) : running;
        try {
            servers.executeEverywhere(plan.ddl());
            Configuration configuration = plan.configuration(servers);
            if (!plan.keepsTopology()) {
                KnownTopology.forget(servers);
            }
            return new Cluster(servers, owns, configuration, PgRing.start(configuration, plan.faults()));
        } catch (Exception | Error e) {
            if (owns) {
                servers.close();
            }
            throw e;
        }
    }

    /** The servers, for looking behind the proxy. */
    public Servers servers() {
        return servers;
    }

    /** The proxy. */
    public PgRing proxy() {
        return proxy;
    }

    /** What the proxy was told. */
    public Configuration configuration() {
        return configuration;
    }

    /** How many shards there are. */
    public int shardCount() {
        return configuration.shards().size();
    }

    /** Port of the PostgreSQL protocol, on 127.0.0.1. */
    public int port() {
        return proxy.postgresqlAddress().getPort();
    }

    /** Port of HTTP, on 127.0.0.1. */
    public int httpPort() {
        return proxy.httpAddress().getPort();
    }

    /** The HTTP face of the proxy. */
    public HttpFace http() {
        return new HttpFace(httpPort());
    }

    /** JDBC URL of the proxy. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + configuration.database() + "?user=postgres";
    }

    /** A new connection through the proxy. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl());
    }

    /**
     * A new connection through the proxy.
     *
     * @param properties of the driver, as in a URL: {@code a=1&b=2}
     */
    public Connection connect(String properties) throws SQLException {
        return DriverManager.getConnection(jdbcUrl() + "&" + properties);
    }

    /** psql, connected to the proxy. */
    public Psql psql() {
        return new Psql("127.0.0.1", port(), configuration.database());
    }

    /** psql, connected to a server behind the proxy's back. */
    public Psql psqlOfServer(int shard) {
        ShardConfiguration server = servers.shards().get(shard);
        return new Psql(server.host(), server.port(), server.database());
    }

    /** The ring that the configuration gives. */
    public Ring ring() {
        return ring;
    }

    /** The arcs of the ring that belong to a shard. */
    public List<Arc> arcsOf(int shard) {
        for (int member = 0; member < shardOfMember.length; member++) {
            if (shardOfMember[member] == shard) {
                return ring.arcsOf(member);
            }
        }
        throw new IllegalArgumentException("not on the ring: shard " + shard);
    }

    /** The shard that a token belongs to, by the ring. */
    public int shardOfToken(int token) {
        return shardOfMember[ring.ownerOf(token)];
    }

    /** The shard that a text key belongs to, by the ring. */
    public int shardOf(String key) {
        return shardOfToken(Token.ofText(key));
    }

    /** The shard that an integer key belongs to, by the ring. */
    public int shardOf(long key) {
        return shardOfToken(Token.ofLong(key));
    }

    /** The shard that a uuid key belongs to, by the ring. */
    public int shardOf(UUID key) {
        return shardOfToken(Token.ofUuid(key.getMostSignificantBits(), key.getLeastSignificantBits()));
    }

    /** All keys {@code prefix0, prefix1, ...} of a shard, without end. */
    public Stream<String> keysOn(int shard, String prefix) {
        return Stream.iterate(0, i -> i + 1).map(i -> prefix + i).filter(key -> shardOf(key) == shard);
    }

    /** The first of {@link #keysOn}. */
    public String keyOn(int shard, String prefix) {
        return keysOn(shard, prefix).findFirst().orElseThrow();
    }

    /** One key on each shard, in the order of the shards. */
    public List<String> keyOnEach(String prefix) {
        List<String> keys = new ArrayList<>();
        for (int shard = 0; shard < shardCount(); shard++) {
            keys.add(keyOn(shard, prefix));
        }
        return keys;
    }

    /** Empties the sharded tables on every server. */
    public void truncate() throws SQLException {
        List<String> names = configuration.tables().stream()
                .map(TableConfiguration::name)
                .map(name -> '"' + name + '"')
                .toList();
        servers.executeEverywhere("TRUNCATE " + String.join(", ", names));
    }

    /** Stops the proxy, and the servers if they were started for it. */
    @Override
    public void close() throws StartupException {
        try {
            proxy.close();
        } finally {
            if (ownsServers) {
                servers.close();
            }
        }
    }
}
