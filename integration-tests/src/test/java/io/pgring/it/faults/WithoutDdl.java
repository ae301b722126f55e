package io.pgring.it.faults;

import io.pgring.it.support.SameServers;
import io.pgring.it.support.Servers;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import java.util.List;

/**
 * Servers that have their tables already, and need not all be up when a cluster is started on them.
 *
 * @param shards what the cluster is told of them
 */
record WithoutDdl(Servers servers, List<ShardConfiguration> shards) implements SameServers {
    WithoutDdl(Servers servers) {
        this(servers, servers.shards());
    }

    @Override
    public void executeEverywhere(String sql) {}

    @Override
    public void close() throws StartupException {
        servers.close();
    }
}
