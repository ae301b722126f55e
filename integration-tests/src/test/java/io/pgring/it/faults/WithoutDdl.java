package io.pgring.it.faults;

import io.pgring.it.support.Servers;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import java.util.List;

/**
 * Servers that have their tables already, and need not all be up when a cluster is started on them.
 *
 * @param shards what the cluster is told of them
 */
record WithoutDdl(Servers servers, List<ShardConfiguration> shards) implements Servers {
    WithoutDdl(Servers servers) {
        this(servers, servers.shards());
    }

    @Override
    public void stop(int shard) throws Exception {
        servers.stop(shard);
    }

    @Override
    public void crash(int shard) throws Exception {
        servers.crash(shard);
    }

    @Override
    public void freeze(int shard) throws Exception {
        servers.freeze(shard);
    }

    @Override
    public void thaw(int shard) throws Exception {
        servers.thaw(shard);
    }

    @Override
    public void start(int shard) throws Exception {
        servers.start(shard);
    }

    @Override
    public void executeEverywhere(String sql) {}

    @Override
    public void close() throws StartupException {
        servers.close();
    }
}
