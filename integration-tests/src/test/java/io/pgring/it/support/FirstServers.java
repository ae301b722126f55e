package io.pgring.it.support;

import io.pgring.proxy.config.ShardConfiguration;
import java.util.List;

/**
 * Some of the servers that somebody else has started and stops.
 *
 * @param servers all of them
 * @param count how many from the first on
 */
public record FirstServers(Servers servers, int count) implements SameServers {
    @Override
    public List<ShardConfiguration> shards() {
        return servers.shards().subList(0, count);
    }

    @Override
    public void close() {}
}
