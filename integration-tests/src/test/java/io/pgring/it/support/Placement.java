package io.pgring.it.support;

import io.pgring.hashring.TokenRange;
import io.pgring.proxy.topology.KeyType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Where the rows of a sharded table lie, as the servers themselves and the ring say. */
public final class Placement {
    private final Cluster cluster;
    private final String table;
    private final String keyColumn;
    private final KeyType keyType;

    /** @param keyType type of the key column */
    public Placement(Cluster cluster, String table, String keyColumn, KeyType keyType) {
        this.cluster = cluster;
        this.table = table;
        this.keyColumn = keyColumn;
        this.keyType = keyType;
    }

    /** Rows of one server. */
    public long rows(int shard) throws SQLException {
        return Long.parseLong(cluster.servers().value(shard, "SELECT count(*) FROM " + table));
    }

    /** Rows of all servers. */
    public long rows() throws SQLException {
        long rows = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            rows += rows(shard);
        }
        return rows;
    }

    /** Rows on a server whose token, by the server's own hash function, the ring gives to another one. */
    public long misplaced() throws SQLException {
        long misplaced = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            String sql = "SELECT count(*) FROM " + table + " WHERE NOT " + keyType.tokenSql(keyColumn) + " <@ '"
                    + TokenRange.toMultirange(cluster.arcsOf(shard)) + "'::int8multirange";
            misplaced += Long.parseLong(cluster.servers().value(shard, sql));
        }
        return misplaced;
    }

    /** The second column by key, of all servers; fails when a key is found twice. */
    public Map<String, String> contents() throws SQLException {
        Map<String, String> contents = new HashMap<>();
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            try (Connection connection = cluster.servers().connect(shard);
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT * FROM " + table)) {
                while (rows.next()) {
                    if (contents.put(rows.getString(1), String.valueOf(rows.getString(2))) != null) {
                        throw new AssertionError("stored twice: " + rows.getString(1));
                    }
                }
            }
        }
        return contents;
    }
}
