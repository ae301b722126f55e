package io.pgring.proxy.reshard;

/** Where a crash of the mover leaves something of its own behind. */
public enum MovePoint {
    /** The move is its own, and the fences of both shards say so. */
    TAKEN,
    /** The move may be made; the target hides its rows. */
    CHECKED,
    /** HIDDEN is in the journal. */
    HIDDEN,
    /** All proxies know. */
    HIDDEN_ACKNOWLEDGED,
    /** CAPTURING is in the journal. */
    CAPTURING,
    /** A table of the source has its triggers. */
    TABLE_CAPTURED,
    /** COPYING is in the journal. */
    COPYING,
    /** A chunk is on the target, with the place where it ends. */
    CHUNK_COPIED,
    /** What was taken from an outbox is committed on the target, not yet on the source. */
    TARGET_DRAINED,
    /** CATCHING_UP is in the journal. */
    CATCHING_UP,
    /** VERIFYING is in the journal. */
    VERIFYING,
    /** A chunk is the same on both. */
    CHUNK_VERIFIED,
    /** PAUSED is in the journal. */
    PAUSED,
    /** All proxies know, and what they had begun has ended. */
    PAUSED_ACKNOWLEDGED,
    /** No transaction that has written to the arcs is open. */
    LOCKED,
    /** The outboxes are empty. */
    EMPTIED,
    /** DRAINED is in the journal. */
    DRAINED,
    /** The source refuses writes and hides the rows. */
    SOURCE_CLOSED,
    /** The target shows the rows. */
    TARGET_OPENED,
    /** FLIPPED is in the journal. */
    FLIPPED,
    /** CLEANING is in the journal. */
    CLEANING,
    /** Some rows are deleted on the source. */
    BATCH_DELETED,
    /** All rows are deleted on the source. */
    ROWS_DELETED,
    /** Triggers and outboxes are gone. */
    CAPTURE_REMOVED,
    /** CLOSING or WITHDRAWING is in the journal. */
    CLOSING,
    /** Nothing is hidden any more. */
    TIDIED,
    /** DONE or ABORTED is in the journal. */
    CLOSED
}
