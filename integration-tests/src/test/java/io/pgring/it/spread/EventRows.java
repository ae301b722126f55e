package io.pgring.it.spread;

import io.pgring.hashring.TokenRange;
import io.pgring.it.support.Cluster;
import io.pgring.proxy.topology.KeyType;
import java.sql.SQLException;

/** Rows of the table {@code events}, made by the servers themselves, each on the shard where the ring wants it. */
final class EventRows {
    private final Cluster cluster;

    EventRows(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Puts rows with the ids 1 to {@code count} in the place of those that are there.
     *
     * @param note SQL over {@code id}
     */
    void fill(long count, String note) throws SQLException {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            cluster.servers()
                    .execute(
                            shard,
                            "TRUNCATE events; INSERT INTO events SELECT id, " + note + " FROM generate_series(1, "
                                    + count
                                    + ") id WHERE " + KeyType.INTEGER.tokenSql("id") + " <@ '"
                                    + TokenRange.toMultirange(cluster.arcsOf(shard)) + "'::int8multirange");
        }
    }

    /** How many rows of all shards fulfil a condition, as the servers say. */
    long count(String condition) throws SQLException {
        long count = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            count += Long.parseLong(cluster.servers().value(shard, "SELECT count(*) FROM events WHERE " + condition));
        }
        return count;
    }
}
