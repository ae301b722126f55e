package io.pgring.proxy.topology;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import java.sql.Connection;
import java.sql.SQLException;

/** How the control side reaches a shard: blocking JDBC, on threads of its own. */
public interface ShardAccess {

    /** A new connection, in autocommit mode. */
    Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException;
}
