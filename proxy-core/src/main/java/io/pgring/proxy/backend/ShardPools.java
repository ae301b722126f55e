package io.pgring.proxy.backend;

import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The pools of one user on one event loop: one for every shard, by index. */
public final class ShardPools {
    private final List<ShardPool> pools = new ArrayList<>();
    private final CheckedSettings checkedSettings = new CheckedSettings();
    private @Nullable ServerCredentials client;
    private int sessions;

    private ShardPools(@Nullable ServerCredentials client) {
        this.client = client;
    }

    /** Pools of the users that the configuration has for each shard. */
    static ShardPools configured(List<ShardRoom> rooms, List<ShardPool.Parts> parts) {
        ShardPools pools = new ShardPools(null);
        for (ShardRoom room : rooms) {
            ServerCredentials credentials =
                    ServerCredentials.configured(room.shard().configuration());
            pools.pools.add(new ShardPool(
                    room, () -> credentials, null, parts.get(room.shard().index())));
        }
        return pools;
    }

    /** Pools of a client's user. */
    static ShardPools of(
            ServerCredentials client, List<ShardRoom> rooms, List<ShardPool.Parts> parts, ShardPools configured) {
        ShardPools pools = new ShardPools(client);
        for (ShardRoom room : rooms) {
            pools.pools.add(new ShardPool(
                    room,
                    () -> Objects.requireNonNull(pools.client),
                    configured.of(room.shard()),
                    parts.get(room.shard().index())));
        }
        return pools;
    }

    /** The client's user whose pools they are; null when they are of the users in the configuration. */
    public @Nullable String user() {
        return client == null ? null : client.user();
    }

    /** A session of the user begins, that has proved this. What proves nothing is no reason to forget what was proved before. */
    void onSession(ServerCredentials proved) {
        sessions++;
        if (!(proved.secret() instanceof ServerSecret.None) && !proved.equals(client)) {
            client = proved;
            pools.forEach(ShardPool::onCredentials);
        }
    }

    void onSessionOver() {
        sessions--;
    }

    boolean isUnused() {
        return sessions == 0 && pools.stream().allMatch(ShardPool::isUnused);
    }

    /** The pool for a shard. */
    public ShardPool of(Shard shard) {
        return pools.get(shard.index());
    }

    /** A pool for statements that any shard can answer: the first whose shard is up. */
    public ShardPool any() {
        for (ShardPool pool : pools) {
            if (!pool.health().isDown()) {
                return pool;
            }
        }
        return pools.get(0);
    }

    /** As {@link #any()}, for a client that holds connections: of one that it does not fill by itself, if there is any. */
    ShardPool any(Holdings holdings) {
        for (ShardPool pool : pools) {
            if (!pool.health().isDown() && !holdings.fill(pool)) {
                return pool;
            }
        }
        return any();
    }

    /** All pools, by shard index. */
    public List<ShardPool> all() {
        return List.copyOf(pools);
    }

    /** The settings that a server has accepted lately. */
    public CheckedSettings checkedSettings() {
        return checkedSettings;
    }

    /** Closes all connections, lent ones too. */
    void close() {
        pools.forEach(ShardPool::close);
    }
}
