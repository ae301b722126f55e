package io.pgring.proxy.fanout;

/**
 * Lets the messages pass by which a transaction on several shards is committed. One that is kept back is never sent, as if the proxy had
 * died before it; that is what tests need it for.
 */
public interface CommitGate {
    /** All pass. */
    CommitGate OPEN = (step, shard) -> true;

    /** What a message is for. */
    enum Step {
        /** The shard that decides is told the name of the transaction, and all others with writes prepare; those without commit. */
        PREPARE,
        /** The shard that decides commits. */
        DECIDE,
        /** The prepared ones commit. */
        FINISH
    }

    /** Whether the message for a shard may be sent. */
    boolean passes(Step step, String shard);
}
