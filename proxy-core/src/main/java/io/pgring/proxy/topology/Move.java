package io.pgring.proxy.topology;

import io.pgring.hashring.Arcs;

/**
 * The online transfer of some arcs from one shard to another.
 *
 * @param id its number in the journal
 * @param source index of the shard that owns the arcs until the flip
 * @param target index of the shard that owns them from then on
 * @param arcs what is moved
 * @param phase how far it is
 */
public record Move(long id, int source, int target, Arcs arcs, MovePhase phase) {

    /** Whether there may be rows twice, so that what reads more than one shard must read visible views. */
    public boolean hidesRows() {
        return phase != MovePhase.STARTED;
    }

    /** Whether statements on the arcs wait. */
    public boolean isPaused() {
        return phase == MovePhase.PAUSED;
    }

    /** Whether the target owns the arcs, and the move is not yet over. */
    public boolean isFlipped() {
        return phase == MovePhase.FLIPPED;
    }

    /** Whether a shard gives or takes the arcs. */
    public boolean concerns(Shard shard) {
        return shard.index() == source || shard.index() == target;
    }
}
