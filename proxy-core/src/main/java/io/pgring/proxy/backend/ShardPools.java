package io.pgring.proxy.backend;

import io.pgring.proxy.topology.Shard;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The pools of one user on one event loop: one for every shard, by index. */
public final class ShardPools {
    private final List<ShardPool> pools = new CopyOnWriteArrayList<>();
    private final CheckedSettings checkedSettings = new CheckedSettings();
    private @Nullable ServerCredentials client;
    private int sessions;

    private ShardPools(@Nullable ServerCredentials client) {
        this.client = client;
    }

    /** Pools of the users that the configuration has for each shard, which are to be added. */
    static ShardPools configured() {
        return new ShardPools(null);
    }

    /** Pools of a client's user. */
    static ShardPools of(
            ServerCredentials client, List<ShardRoom> rooms, List<PoolParts> parts, ShardPools configured) {
        ShardPools pools = new ShardPools(client);
        for (ShardRoom room : rooms) {
            pools.add(room, parts.get(room.shard().index()), configured);
        }
        return pools;
    }

    /**
     * The pool of the next shard.
     *
     * @param configured those that know of the shards' health; null when these do
     */
    void add(ShardRoom room, PoolParts parts, @Nullable ShardPools configured) {
        ServerCredentials own = ServerCredentials.configured(room.shard().configuration());
        pools.add(new ShardPool(
                room,
                () -> client == null ? own : client,
                configured == null ? null : configured.of(room.shard()),
                parts));
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
            if (!pool.health().isDown() && !pool.isRetired()) {
                return pool;
            }
        }
        return pools.get(0);
    }

    /** As {@link #any()}, for a client that holds connections: of one that it does not fill by itself, if there is any. */
    ShardPool any(Holdings holdings) {
        for (ShardPool pool : pools) {
            if (!pool.health().isDown() && !pool.isRetired() && !holdings.fill(pool)) {
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
