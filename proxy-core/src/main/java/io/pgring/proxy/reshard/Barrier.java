package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.Shard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Makes sure that all proxies act by a version of the topology. */
public interface Barrier {

    /**
     * Waits until all live proxies have acknowledged the version: what they began by an older one and concerns a move has ended. Then
     * expels all others from the shards, whose connections are gone when this returns.
     *
     * @return false when the time was up, and nothing was expelled
     */
    boolean await(long version, List<Shard> shards, Duration most) throws SQLException, InterruptedException;
}
