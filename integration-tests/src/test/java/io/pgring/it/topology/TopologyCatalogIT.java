package io.pgring.it.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pgring.hashring.Arcs;
import io.pgring.hashring.Token;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.KnownTopology;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.MovePhase;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardFence;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyBarrier;
import io.pgring.proxy.topology.TopologyCatalog;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog says where rows are, and proxies follow it. */
@ExtendWith(SharedServers.class)
class TopologyCatalogIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long MOVER_LOCK = 0x7067_7269_6e6dL;

    private final Servers servers;

    TopologyCatalogIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void forget() throws Exception {
        KnownTopology.forget(servers);
        servers.executeEverywhere("DROP TABLE IF EXISTS kv CASCADE");
    }

    private Placement placement() throws SQLException {
        try (Connection home = servers.connect(0)) {
            return TopologyCatalog.read(home, servers.shards()).orElseThrow();
        }
    }

    private long publish(String change) throws SQLException {
        try (Connection home = servers.connect(0)) {
            home.setAutoCommit(false);
            Sql.execute(home, change);
            long version = TopologyCatalog.publish(home);
            home.commit();
            return version;
        }
    }

    /** As if another proxy were the mover, until it is closed: moves that are written by hand stay as they are. */
    private Connection holdMover() throws SQLException {
        Connection home = servers.connect(0);
        Sql.execute(home, "SELECT pg_advisory_lock(" + MOVER_LOCK + ")");
        return home;
    }

    private TopologyBarrier barrier() throws SQLException {
        Topology topology = new Topology(
                1,
                placement(),
                new Catalog(List.of(), List.of(), Map.of()),
                Gathering.unavailable("The test does not gather."),
                List.of());
        return new TopologyBarrier(() -> topology, this::open, PoolConfiguration.DEFAULT);
    }

    private Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException {
        return servers.connect(Integer.parseInt(shard.name().substring("shard-".length())));
    }

    @Test
    void theFirstProxyMakesTheCatalogOfItsConfiguration() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1))) {
            Placement placement = placement();

            assertThat(placement.version()).isEqualTo(1);
            assertThat(placement.shards()).extracting(Shard::name).containsExactly("shard-0", "shard-1", "shard-2");
            assertThat(placement.moves()).isEmpty();
            assertThat(placement.ring().arcs()).isEqualTo(cluster.ring().arcs());
        }
    }

    @Test
    void theCatalogGoesBeforeTheFileOfALaterProxy() throws Exception {
        Cluster.start(plan -> plan.on(servers).threads(1)).close();
        String key = null;
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers)
                        .keepTopology()
                        .shard(shard -> shard.name().equals("shard-1") ? shard.withWeight(7) : shard)
                        .threads(1));
                Connection connection = cluster.connect()) {
            Placement placement = placement();
            assertThat(placement.shards().get(1).configuration().weight()).isEqualTo(1);
            for (int i = 0; i < 50; i++) {
                key = "later" + i;
                Sql.execute(connection, "INSERT INTO kv VALUES ('" + key + "', 'v')");
                int token = Token.ofText(key);
                int member = placement.ring().ownerOf(token);
                int shard = Integer.parseInt(
                        placement.ring().members().get(member).name().substring("shard-".length()));
                assertThat(servers.value(shard, "SELECT count(*) FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo("1");
            }
        } finally {
            servers.executeEverywhere("DELETE FROM kv WHERE key LIKE 'later%'");
        }
    }

    @Test
    void proxiesFollowAndAcknowledgeNewVersions() throws Exception {
        try (Cluster one = Cluster.start(plan -> plan.on(servers).threads(1));
                Cluster other =
                        Cluster.start(plan -> plan.on(servers).keepTopology().threads(1));
                Connection mover = holdMover()) {
            assertThat(mover.isClosed()).isFalse();
            long version = publish("INSERT INTO pgring.moves (source, target, arcs, state)"
                    + " VALUES ('shard-1', 'shard-2', '{[5,10),[20,30)}', 'PAUSED')");

            assertThat(barrier().await(version, placement().shards(), LONG)).isTrue();

            assertThat(one.port()).isNotEqualTo(other.port());
            assertThat(servers.value(0, "SELECT count(*) FROM pgring.proxies WHERE topology = " + version))
                    .isEqualTo("2");
            assertThat(placement().moves())
                    .extracting(Move::source, Move::target, Move::arcs, Move::phase)
                    .containsExactly(tuple(1, 2, Arcs.parse("{[5,10),[20,30)}"), MovePhase.PAUSED));
            assertThat(placement().isPaused(7)).isTrue();
            assertThat(placement().isPaused(10)).isFalse();
        }
    }

    @Test
    void aProxyThatIsAliveAndSaysNothingHoldsTheBarrierUp() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1))) {
            assertThat(cluster.shardCount()).isEqualTo(3);
            UUID silent = UUID.randomUUID();
            servers.execute(0, "INSERT INTO pgring.proxies (id, known, topology) VALUES ('" + silent + "', '', 1)");
            long version = publish("SELECT 1");

            assertThat(barrier().await(version, placement().shards(), Duration.ofMillis(300)))
                    .isFalse();
            assertThat(servers.value(1, "SELECT lowest FROM pgring.fence")).isEqualTo("0");

            servers.execute(
                    0, "UPDATE pgring.proxies SET heartbeat = now() - interval '1 hour' WHERE id = '" + silent + "'");
            assertThat(barrier().await(version, placement().shards(), LONG)).isTrue();
            assertThat(servers.value(1, "SELECT lowest FROM pgring.fence")).isEqualTo(Long.toString(version));
        } finally {
            servers.execute(0, "DELETE FROM pgring.proxies");
        }
    }

    @Test
    void whoIsBehindIsSentAwayAndNotLetInAgain() throws Exception {
        Cluster.start(plan -> plan.on(servers).threads(1)).close();
        UUID behind = UUID.randomUUID();
        UUID knows = UUID.randomUUID();
        try (Connection old = servers.connect(1);
                Connection known = servers.connect(1);
                Connection mover = servers.connect(1)) {
            Sql.execute(old, "SELECT pgring.attach('" + behind + "', 1)");
            Sql.execute(known, "SELECT pgring.attach('" + knows + "', 1)");

            assertThat(ShardFence.expel(mover, 2, List.of(knows))).isPositive();
            Eventually.holds("they are gone", () -> ShardFence.expel(mover, 2, List.of(knows)) == 0);

            assertThatThrownBy(() -> Sql.value(old, "SELECT 1")).isInstanceOf(SQLException.class);
            assertThat(Sql.value(known, "SELECT 1")).isEqualTo("1");
        }
        try (Connection again = servers.connect(1)) {
            assertThatThrownBy(() -> Sql.execute(again, "SELECT pgring.attach('" + behind + "', 1)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo(ShardFence.TOO_OLD));
            Sql.execute(again, "SELECT pgring.attach('" + behind + "', 2)");
            assertThat(Sql.value(again, "SELECT pgring.lowest()")).isEqualTo("2");
        }
    }

    /** It may be reading from the others, for rows that are gathered. */
    @Test
    void whoIsBehindIsSentAwayFromTheHomeShardToo() throws Exception {
        Cluster.start(plan -> plan.on(servers).threads(1)).close();
        long version = publish("SELECT 1");
        try (Connection gathering = servers.connect(0)) {
            Sql.execute(gathering, "SELECT pgring.attach('" + UUID.randomUUID() + "', 1)");

            List<Shard> others = placement().shards().subList(1, 3);
            assertThat(barrier().await(version, others, LONG)).isTrue();

            assertThatThrownBy(() -> Sql.value(gathering, "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void theSessionsOfAProxyAreKnownToTheShards() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1));
                Connection client = cluster.connect()) {
            assertThat(cluster.shardCount()).isEqualTo(3);
            String proxy = servers.value(0, "SELECT id FROM pgring.proxies");
            for (int shard = 0; shard < 3; shard++) {
                int each = shard;
                Eventually.holds(
                        "its connections are open",
                        () -> servers.value(
                                        each, "SELECT count(*) > 0 FROM pgring.sessions WHERE proxy = '" + proxy + "'")
                                .equals("t"));
            }

            servers.execute(1, "SELECT pgring.expel(1, '{}')");
            Eventually.holds(
                    "they are gone",
                    () -> servers.value(1, "SELECT pgring.expel(1, '{}')").equals("0"));

            Eventually.holds(
                    "the proxy is back",
                    () -> Sql.value(client, "SELECT count(*) FROM kv").equals("0"));
        }
    }

    @Test
    void aProxyThatIsBehindWaitsUntilItKnows() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1));
                Connection client = cluster.connect()) {
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                int each = shard;
                Eventually.holds(
                        "its sessions are gone",
                        () -> servers.value(each, "SELECT pgring.expel(2, '{}')")
                                .equals("0"));
            }
            long version = publish("SELECT 1");

            assertThat(version).isEqualTo(2);
            Eventually.holds(
                    "the proxy is back",
                    () -> Sql.value(client, "SELECT count(*) FROM kv").equals("0"));
        }
    }

    @Test
    void aProxyThatStaysBehindTellsItsClientsSo() throws Exception {
        PoolConfiguration impatient = new PoolConfiguration(8, 100, 300, 15_000, 600_000, 3_600_000, 5_000, 200);
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1).pool(impatient))) {
            String read = "SELECT count(*) FROM kv WHERE key = '" + cluster.keyOn(1, "behind") + "'";
            servers.execute(1, "SELECT pgring.expel(9, '{}')");
            Eventually.succeeds(() -> {
                try (Connection client = cluster.connect()) {
                    SQLException refused = SqlStates.failure(() -> Sql.value(client, read));
                    assertThat(refused.getSQLState()).isEqualTo("08006");
                    assertThat(refused.getMessage())
                            .contains("shard \"shard-1\" is not available")
                            .contains("Rows have been moved since");
                }
            });
            Eventually.holds(
                    "the shard counts as down",
                    () -> cluster.http().get("/stats").body().contains("is not available"));
            try (Connection client = cluster.connect()) {
                assertThat(Sql.value(client, read.replace(cluster.keyOn(1, "behind"), cluster.keyOn(0, "behind"))))
                        .isEqualTo("0");
            }

            servers.execute(1, "UPDATE pgring.fence SET lowest = 1");
            Eventually.succeeds(() -> {
                try (Connection client = cluster.connect()) {
                    assertThat(Sql.value(client, read)).isEqualTo("0");
                }
            });
        }
    }

    @Test
    void oneUpdateHidesRowsFromWhatReadsAndWritesThroughVisibleViews() throws Exception {
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers).threads(1));
                Connection client = cluster.connect();
                Connection mover = holdMover();
                Connection server = servers.connect(1)) {
            assertThat(mover.isClosed()).isFalse();
            List<String> keys = cluster.keysOn(1, "seen").limit(20).toList();
            for (String key : keys) {
                Sql.execute(client, "INSERT INTO kv VALUES ('" + key + "', 'v')");
            }
            String hidden = keys.get(0);
            long token = Token.toUnsigned(Token.ofText(hidden));
            String hide = "UPDATE pgring.hidden SET arcs = '{[" + token + "," + (token + 1) + ")}'";
            String visible = "SELECT count(*) FROM pgring_visible.kv";
            assertThat(Sql.value(server, visible)).isEqualTo("20");

            Sql.execute(server, hide);
            assertThat(Sql.value(server, visible)).isEqualTo("19");
            assertThat(Sql.value(client, "SELECT count(*) FROM (SELECT key FROM kv GROUP BY key OFFSET 0) x"))
                    .isEqualTo("19");

            long version = publish("INSERT INTO pgring.moves (source, target, arcs, state)"
                    + " VALUES ('shard-1', 'shard-2', '{[5,10)}', 'HIDDEN')");
            assertThat(barrier().await(version, placement().shards(), LONG)).isTrue();
            assertThat(Sql.value(server, visible)).isEqualTo("19");
            assertThat(Sql.update(server, "UPDATE pgring_visible.kv SET value = 'w'"))
                    .isEqualTo(19);
            assertThat(Sql.update(server, "DELETE FROM pgring_visible.kv WHERE key = '" + hidden + "'"))
                    .isZero();
            assertThat(Sql.column(server, "EXPLAIN UPDATE pgring_visible.kv SET value = 'w' WHERE key = 'a'"))
                    .anyMatch(line -> String.valueOf(line).contains("Index Scan"));

            long after = publish("UPDATE pgring.moves SET state = 'ABORTED'");
            assertThat(barrier().await(after, placement().shards(), LONG)).isTrue();
            servers.execute(1, "ALTER TABLE kv ALTER value TYPE varchar");
            servers.execute(1, "ALTER TABLE kv ALTER value TYPE text");
        } finally {
            servers.executeEverywhere("DELETE FROM kv WHERE key LIKE 'seen%'");
        }
    }

    /** With the right to create nothing but what is in the schema. */
    @Test
    void aSchemaThatWasMadeForTheProxyIsEnough() throws Exception {
        servers.executeEverywhere("DROP SCHEMA IF EXISTS pgring CASCADE; CREATE ROLE guest LOGIN;"
                + " CREATE SCHEMA pgring AUTHORIZATION guest");
        try (Connection guest = connect("guest")) {
            CatalogSchema.ensureHome(guest);
            CatalogSchema.ensureOther(guest);
            CatalogSchema.ensureCommitLog(guest);
            CatalogSchema.ensureFence(guest);

            assertThat(TopologyCatalog.read(guest, servers.shards())).isEmpty();
            assertThat(Sql.value(guest, "SELECT count(*) FROM pgring.sessions")).isEqualTo("0");
        } finally {
            servers.executeEverywhere("DROP OWNED BY guest CASCADE; DROP ROLE guest");
        }
    }

    private Connection connect(String user) throws SQLException {
        ShardConfiguration home = servers.shards().get(0);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + home.host() + ":" + home.port() + "/" + home.database(), user, "");
    }

    private static ShardConfiguration as(ShardConfiguration shard, String user) {
        return new ShardConfiguration(
                shard.name(), shard.host(), shard.port(), shard.database(), user, null, shard.tls(), shard.weight());
    }

    /** Also one whose file has tables that the catalog has not heard of. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProxyThatCantWriteStarts(boolean placed) throws Exception {
        Cluster.start(plan -> plan.on(servers).threads(1)).close();
        if (!placed) {
            KnownTopology.forget(servers);
        }
        servers.executeEverywhere(
                "CREATE ROLE reader LOGIN SUPERUSER;" + " ALTER ROLE reader SET default_transaction_read_only = on");
        servers.execute(0, "DELETE FROM pgring.configured_tables");
        try (Cluster cluster = Cluster.start(plan -> plan.on(servers)
                        .keepTopology()
                        .shard(shard -> as(shard, "reader"))
                        .threads(1));
                Connection client = cluster.connect()) {
            assertThat(Sql.column(client, "SELECT value FROM kv WHERE key = 'nobody'"))
                    .isEmpty();
            assertThat(servers.value(0, "SELECT count(*) FROM pgring.topology")).isEqualTo(placed ? "1" : "0");
        } finally {
            servers.executeEverywhere("DROP OWNED BY reader CASCADE; DROP ROLE reader");
        }
    }
}
