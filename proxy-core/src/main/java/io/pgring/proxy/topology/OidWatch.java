package io.pgring.proxy.topology;

import io.pgring.proxy.config.PoolConfiguration;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the object identifiers of all shards, each on a connection of its own. Those of a shard that can't be reached stay as they were
 * when last read. Blocks: for one control thread.
 */
final class OidWatch {
    private static final Logger LOG = LoggerFactory.getLogger(OidWatch.class);

    private final ShardAccess access;
    private final PoolConfiguration pool;
    private final Map<Integer, ServerOids> read = new HashMap<>();

    OidWatch(ShardAccess access, PoolConfiguration pool) {
        this.access = access;
        this.pool = pool;
    }

    /**
     * Reads them anew.
     *
     * @param barred indexes of shards that are not asked
     * @return by index
     */
    List<ShardOids> read(List<Shard> shards, Set<Integer> barred) {
        if (shards.size() > 1) {
            for (Shard shard : shards) {
                if (!barred.contains(shard.index())) {
                    read(shard);
                }
            }
        }
        return known(shards);
    }

    private void read(Shard shard) {
        try (Connection connection = access.open(shard.configuration(), pool)) {
            read.put(shard.index(), ServerOids.read(connection));
        } catch (SQLException e) {
            LOG.info("types can't be read anew shard={} reason=\"{}\"", shard.name(), e.getMessage());
        }
    }

    private List<ShardOids> known(List<Shard> shards) {
        ServerOids home = read.get(0);
        return shards.stream()
                .map(shard -> {
                    ServerOids own = read.get(shard.index());
                    return home == null || own == null ? ShardOids.UNREAD : ShardOids.between(home, own);
                })
                .toList();
    }
}
