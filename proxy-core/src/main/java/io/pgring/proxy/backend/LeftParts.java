package io.pgring.proxy.backend;

import io.pgring.proxy.topology.Shard;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Ends prepared parts of transactions on several shards that were left on a shard. */
public interface LeftParts {
    /**
     * Ends them, as far as it is known how. Does not block; on any thread.
     *
     * @param parts their names
     * @return whether the shard may be used: nothing is left of what is known to be committed. May fail
     */
    CompletableFuture<Boolean> end(Shard shard, Set<String> parts);
}
