package io.pgring.proxy.recovery;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.recovery.ShardTransactions.Prepared;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to all shards that can be reached, for one look at them. */
final class ReachableShards implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReachableShards.class);

    private final Map<String, ShardTransactions> open = new LinkedHashMap<>();
    private final Set<String> unreachable = new LinkedHashSet<>();

    ReachableShards(List<Shard> shards, ShardAccess access, PoolConfiguration pool) {
        for (Shard shard : shards) {
            try {
                open.put(shard.name(), new ShardTransactions(shard, access.open(shard.configuration(), pool)));
            } catch (SQLException e) {
                onFailure(shard, e);
            }
        }
    }

    /** What to do on a shard. */
    interface Work {
        void on(ShardTransactions shard) throws SQLException;
    }

    /** Does something on all; one that fails is not reachable from then on. */
    void each(Work work) {
        for (ShardTransactions shard : List.copyOf(open.values())) {
            try {
                work.on(shard);
            } catch (SQLException e) {
                onFailure(shard.shard(), e);
            }
        }
    }

    /** One of them; null when it can't be reached, or there is none of the name. */
    @Nullable
    ShardTransactions named(String name) {
        return unreachable.contains(name) ? null : open.get(name);
    }

    /** What is prepared on them. */
    List<Prepared> prepared() {
        List<Prepared> prepared = new ArrayList<>();
        each(shard -> prepared.addAll(shard.prepared()));
        return prepared;
    }

    /** Names of those that could not be reached, or have failed since. */
    Set<String> unreachable() {
        return unreachable;
    }

    private void onFailure(Shard shard, SQLException cause) {
        unreachable.add(shard.name());
        LOG.debug("shard can't be asked for prepared transactions shard={}", shard.name(), cause);
    }

    @Override
    public void close() {
        for (ShardTransactions shard : open.values()) {
            try {
                shard.close();
            } catch (SQLException e) {
                LOG.debug("connection can't be closed shard={}", shard.shard().name(), e);
            }
        }
    }
}
