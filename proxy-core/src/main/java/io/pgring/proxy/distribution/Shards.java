package io.pgring.proxy.distribution;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.gather.Ddl;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The servers of one topology, to be changed. */
record Shards(Topology topology, Configuration configuration, ShardAccess access) {

    /** A transaction that may take as long as it must: a COPY or DELETE of a large table is silent for long. */
    Ddl open(Shard shard) throws SQLException {
        Connection connection = access.open(shard.configuration(), configuration.pool());
        connection.setNetworkTimeout(Runnable::run, 0);
        return Ddl.begin(connection);
    }

    /** All but the home shard. */
    List<Shard> others() {
        return topology.members().subList(1, topology.members().size());
    }
}
