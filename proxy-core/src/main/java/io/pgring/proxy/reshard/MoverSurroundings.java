package io.pgring.proxy.reshard;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.Topology;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * What a mover works with.
 *
 * @param topology the one of the moment
 * @param access how shards are reached
 * @param pool time limits of logins
 */
public record MoverSurroundings(
        Supplier<Topology> topology,
        ShardAccess access,
        PoolConfiguration pool,
        Barrier barrier,
        ControlPoint control,
        MoverSettings settings) {

    /**
     * A shard by its name.
     *
     * @throws SQLException if this proxy has not heard of it yet, which passes
     */
    Shard shard(String name) throws SQLException {
        return topology.get().placement().shards().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SQLException("this proxy knows no shard \"" + name + "\" yet", "55000"));
    }

    Shard home() {
        return topology.get().home();
    }
}
