package io.pgring.it.gather;

import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
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
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Servers as the control side of a proxy sees them, without a proxy.
 *
 * @param tables those that need care
 */
record WatchedServers(Servers servers, List<TableConfiguration> tables) {
    static final ShardAccess ACCESS = WatchedServers::open;

    private static Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException {
        String url = "jdbc:postgresql://" + shard.host() + ":" + shard.port() + "/" + shard.database();
        return DriverManager.getConnection(url, shard.user(), Objects.requireNonNullElse(shard.password(), ""));
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

    ShardInspection inspect(int shard) {
        try {
            DeclaredTables declared = DeclaredTables.read(configuration(), ACCESS);
            return ShardInspection.of(servers.shards().get(shard), declared, PoolConfiguration.DEFAULT, ACCESS);
        } catch (SQLException e) {
            throw new AssertionError("the home shard does not answer", e);
        }
    }

    /** The catalog of one server, which must have no problems. */
    Catalog catalog(int shard) {
        ShardInspection inspection = inspect(shard);
        if (!inspection.problems().isEmpty()) {
            throw new AssertionError(inspection.problems().toString());
        }
        return Objects.requireNonNull(inspection.catalog());
    }

    Topology topology() {
        List<Shard> shards = IntStream.range(0, servers.shards().size())
                .mapToObj(i -> new Shard(i, servers.shards().get(i)))
                .toList();
        Ring ring = Ring.of(
                shards.stream().map(shard -> RingMember.of(shard.name())).toList());
        return new Topology(1, shards, ring, catalog(0));
    }
}
