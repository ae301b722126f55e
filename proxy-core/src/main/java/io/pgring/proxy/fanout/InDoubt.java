package io.pgring.proxy.fanout;

import io.pgring.proxy.topology.GlobalTransaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends transactions of which it is not known whether they are committed. */
public interface InDoubt {
    /** What became of one. */
    enum Fate {
        COMMITTED,
        ABORTED,
        /** The shard that decides can't be asked now; it will be asked again. */
        UNKNOWN
    }

    /**
     * The end.
     *
     * @param fate of the whole transaction
     * @param unfinished names of shards that may still hold a prepared part: they will be told later
     */
    record Verdict(Fate fate, List<String> unfinished) {
        public Verdict {
            unfinished = List.copyOf(unfinished);
        }
    }

    /**
     * Finds out, after what was decided is decided for good, and ends the parts accordingly. Does not block.
     *
     * @return never fails; completed by another thread
     */
    CompletableFuture<Verdict> settle(GlobalTransaction transaction);
}
