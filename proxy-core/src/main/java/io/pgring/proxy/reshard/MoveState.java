package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.MovePhase;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a move is, in the journal.
 *
 * <pre>
 *   PLANNED ► HIDDEN ► CAPTURING ► COPYING ► CATCHING_UP ► VERIFYING ► PAUSED ► DRAINED ► FLIPPED ► CLEANING ► CLOSING ► DONE
 *                                                 ▲                       │         │
 *                                                 └── too slow, or taken over by another mover
 *   each of PLANNED to DRAINED but for a pause ► ABORTING ► WITHDRAWING ► ABORTED
 * </pre>
 */
public enum MoveState {
    /** It waits for its turn, or is being checked. */
    PLANNED(MovePhase.STARTED),
    /** The target's visible views leave the arcs out. */
    HIDDEN(MovePhase.HIDDEN),
    /** The source gets its triggers. */
    CAPTURING(MovePhase.HIDDEN),
    /** Rows are copied, in chunks. */
    COPYING(MovePhase.HIDDEN),
    /** What was written since is copied. */
    CATCHING_UP(MovePhase.HIDDEN),
    /** Both shards are compared. */
    VERIFYING(MovePhase.HIDDEN),
    /** New statements on the arcs wait, older ones end. */
    PAUSED(MovePhase.PAUSED),
    /** The target has all that the source has; the source takes no more. */
    DRAINED(MovePhase.PAUSED),
    /** The target owns the arcs. */
    FLIPPED(MovePhase.FLIPPED),
    /** The rows on the source are deleted. */
    CLEANING(MovePhase.FLIPPED),
    /** Nothing is hidden any more as soon as no proxy remembers another time. */
    CLOSING(MovePhase.STARTED),
    /** All is as if the arcs had always been where they are. */
    DONE(null),
    /** The rows on the target are deleted. */
    ABORTING(MovePhase.HIDDEN),
    /** As {@link #CLOSING}. */
    WITHDRAWING(MovePhase.STARTED),
    /** All is as it was before. */
    ABORTED(null);

    private static final Set<MoveState> BEFORE_FLIP =
            Set.of(PLANNED, HIDDEN, CAPTURING, COPYING, CATCHING_UP, VERIFYING, PAUSED, DRAINED);

    private final @Nullable MovePhase phase;

    MoveState(@Nullable MovePhase phase) {
        this.phase = phase;
    }

    /** How the road sees it; null when the move is over. */
    public @Nullable MovePhase phase() {
        return phase;
    }

    /** Whether there is still something to do. */
    public boolean isOpen() {
        return phase != null;
    }

    /** Whether statements on the arcs wait. */
    public boolean isPaused() {
        return phase == MovePhase.PAUSED;
    }

    /** Whether it may be told to abort: a pause ends first, by a flip or without. */
    public boolean isAbortable() {
        return BEFORE_FLIP.contains(this) && !isPaused();
    }
}
