package io.pgring.it.support;

import io.pgring.proxy.config.ShardConfiguration;
import java.util.List;

/**
 * Some of the servers that somebody else has started and stops.
 *
 * @param all of them
 * @param count how many from the first on
 */
public record FirstServers(Servers all, int count) implements Servers {
    @Override
    public List<ShardConfiguration> shards() {
        return all.shards().subList(0, count);
    }

    @Override
    public void stop(int shard) throws Exception {
        all.stop(shard);
    }

    @Override
    public void crash(int shard) throws Exception {
        all.crash(shard);
    }

    @Override
    public void freeze(int shard) throws Exception {
        all.freeze(shard);
    }

    @Override
    public void thaw(int shard) throws Exception {
        all.thaw(shard);
    }

    @Override
    public void start(int shard) throws Exception {
        all.start(shard);
    }

    @Override
    public void close() {}
}
