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
     * @param unfinished names of shards that may still hold a prepared part: they will be told later. If it is committed, clients get nothing
     *     from them through this proxy before they are
     */
    record Verdict(Fate fate, List<String> unfinished) {
        public Verdict {
            unfinished = List.copyOf(unfinished);
        }
    }

    /**
     * Finds out, after what was decided is decided for good, and ends the parts accordingly. Does not block.
     *
     * @param known what is decided, as far as the caller knows
     * @param shards names of those that may hold prepared parts
     * @return never fails; completed after a time that a client can wait for, by another thread
     */
    CompletableFuture<Verdict> settle(GlobalTransaction transaction, Fate known, List<String> shards);
}
