package io.pgring.proxy.topology;

/** How far a move is, as the road of a statement must know it. The journal has more states. */
public enum MovePhase {
    /** It is under way: the definitions of tables must stay as they are. */
    STARTED,
    /** The target may have copies of rows of the arcs, which are hidden in its visible views. */
    HIDDEN,
    /** As before; and what is not part of an older transaction waits if it concerns the arcs. */
    PAUSED,
    /** The target owns the arcs. The source may still have their rows, which are hidden in its visible views. */
    FLIPPED
}
