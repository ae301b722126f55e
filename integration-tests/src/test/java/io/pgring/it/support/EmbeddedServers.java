package io.pgring.it.support;

import io.pgring.demo.EmbeddedShards;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import java.util.List;

/**
 * Servers from the embedded binaries, in a temporary folder.
 *
 * @param embedded for tests that need their data folder or their Unix-domain sockets
 */
public record EmbeddedServers(EmbeddedShards embedded) implements Servers {

    static EmbeddedServers running(int count) throws StartupException {
        return new EmbeddedServers(EmbeddedShards.builder().count(count).start());
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
    public void start(int shard) throws StartupException {
        embedded.start(shard);
    }

    @Override
    public void close() throws StartupException {
        embedded.close();
    }
}
