package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.distribution.ShardFurnishing;
import io.pgring.proxy.reshard.ShardAdministration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/** Changes the shards of a cluster, and looks at what becomes of it. */
final class GrowingRing {
    /** Pauses that come to nothing on a busy machine are tried again after half a minute at last. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Servers servers;
    private final ShardAdministration administration;

    /** @param servers all of them, also those that are no shards yet */
    GrowingRing(Cluster cluster, Servers servers) {
        this.servers = servers;
        this.administration = administration(cluster);
    }

    /** As a command has it, which knows the configuration. */
    static ShardAdministration administration(Cluster cluster) {
        ShardConfiguration home = cluster.configuration().shards().get(0);
        ShardFurnishing furnishing = new ShardFurnishing(home, PoolConfiguration.DEFAULT, GrowingRing::open);
        return new ShardAdministration(cluster.configuration(), GrowingRing::open, furnishing);
    }

    static Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException {
        String url = "jdbc:postgresql://" + shard.host() + ":" + shard.port() + "/" + shard.database();
        return DriverManager.getConnection(url, shard.user(), Objects.requireNonNullElse(shard.password(), ""));
    }

    ShardAdministration administration() {
        return administration;
    }

    void add(int shard) throws Exception {
        assertThat(administration.add(servers.shards().get(shard))).isNotEmpty();
    }

    void remove(int shard) throws Exception {
        assertThat(administration.remove(servers.shards().get(shard).name())).isNotEmpty();
    }

    /** Until all moves are over, and shards that are to leave are gone. */
    void awaitQuiet() {
        Eventually.holds(
                "all moves are over",
                PATIENCE,
                () -> servers.value(
                                0,
                                "SELECT (SELECT count(*) FROM pgring.moves WHERE state NOT IN ('DONE', 'ABORTED'))"
                                        + " + (SELECT count(*) FROM pgring.shards WHERE state IN ('leaving', 'joining'))")
                        .equals("0"));
        Eventually.holds("nothing is left of them", () -> leftovers().isEmpty());
    }

    /** How the moves that there have been ended. */
    String moves() throws SQLException {
        return servers.value(
                0,
                "SELECT coalesce(string_agg(source || '>' || target || ' ' || state, ', ' ORDER BY id), '') FROM pgring.moves");
    }

    /** Whatever belongs to a move that is over, on any server: nothing. */
    private String leftovers() throws SQLException {
        return MovingServers.leftovers(servers);
    }
}
