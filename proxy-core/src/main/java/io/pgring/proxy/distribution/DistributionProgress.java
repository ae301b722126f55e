package io.pgring.proxy.distribution;

/** Told how far it has come. What it throws stops the work, as any failure does. */
public interface DistributionProgress {
    /** Says nothing. */
    DistributionProgress NONE = new DistributionProgress() {};

    /** The steps, in order; between two of them lies a commit. */
    enum Step {
        /** The home shard has noted what is about to happen; nobody uses the table from now on. */
        DECLARED,
        /** The rows are where they are to be, but nobody looks for them there yet. */
        COPIED,
        /** It is done, and can't be undone by a failure any more. */
        DECIDED,
        /** What was left over has been removed. */
        CLEANED
    }

    /** A step is done. */
    default void onStep(Step step) {}

    /** So many rows have been copied to or from a shard by now. */
    default void onRows(String shard, long rows) {}
}
