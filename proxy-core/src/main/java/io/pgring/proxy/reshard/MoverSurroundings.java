package io.pgring.proxy.reshard;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.Topology;
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
        Visibility visibility,
        ControlPoint control,
        MoverSettings settings) {

    Shard shard(String name) {
        return topology.get().placement().shards().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this proxy knows no shard \"" + name + "\" yet"));
    }

    Shard home() {
        return topology.get().home();
    }
}
