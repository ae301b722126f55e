package io.pgring.it.support;

import io.pgring.demo.EmbeddedShards;
import io.pgring.demo.EmbeddedShardsBuilder;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import java.util.List;
import java.util.Map;

/** Servers from the embedded binaries, in a temporary folder. */
record EmbeddedServers(EmbeddedShards embedded) implements Servers {

    static EmbeddedServers running(int count, Map<String, String> settings) throws StartupException {
        EmbeddedShardsBuilder builder = EmbeddedShards.builder().count(count);
        settings.forEach(builder::setting);
        return new EmbeddedServers(builder.start());
    }

    @Override
    public List<ShardConfiguration> shards() {
        return embedded.shards();
    }

    @Override
    public void stop(int shard) throws StartupException {
        embedded.stop(shard);
    }

    @Override
    public void crash(int shard) throws Exception {
        ServerProcesses processes = ServerProcesses.of(embedded.dataFolder(shard));
        processes.kill();
        embedded.stop(shard);
    }

    @Override
    public void freeze(int shard) throws Exception {
        ServerProcesses.of(embedded.dataFolder(shard)).signal("STOP");
    }

    @Override
    public void thaw(int shard) throws Exception {
        ServerProcesses.of(embedded.dataFolder(shard)).signal("CONT");
    }

    @Override
    public void start(int shard) throws StartupException {
        embedded.start(shard);
    }

    @Override
    public void close() throws StartupException {
        embedded.close();
    }
}
