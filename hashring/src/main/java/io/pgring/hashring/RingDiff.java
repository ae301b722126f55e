package io.pgring.hashring;

import java.util.ArrayList;
import java.util.List;

/**
 * What changes hands between two rings.
 *
 * @param changes the arcs whose owner differs, in ascending order, without overlap; all other tokens stay where they are
 */
public record RingDiff(List<ArcChange> changes) {

    /** Keeps its own copy of the list. */
    public RingDiff {
        changes = List.copyOf(changes);
    }

    /**
     * Walks both rings once. Members are told apart by name, so indexes may shift and weights may change. Adding a member gives
     * changes to that member alone, removing one gives changes from it alone.
     */
    public static RingDiff between(Ring before, Ring after) {
        List<Arc> oldArcs = before.arcs();
        List<Arc> newArcs = after.arcs();
        List<ArcChange> changes = new ArrayList<>();
        long from = 0;
        for (int i = 0, j = 0; from < Token.RING_SIZE; ) {
            Arc oldArc = oldArcs.get(i);
            Arc newArc = newArcs.get(j);
            long to = Math.min(oldArc.to(), newArc.to());
            String source = before.members().get(oldArc.member()).name();
            String target = after.members().get(newArc.member()).name();
            if (!source.equals(target)) {
                changes.add(new ArcChange(from, to, source, target));
            }
            from = to;
            i += oldArc.to() == to ? 1 : 0;
            j += newArc.to() == to ? 1 : 0;
        }
        return new RingDiff(changes);
    }

    /** The part of the ring that changes hands, 0 to 1. */
    public double shareMoved() {
        long tokens = changes.stream().mapToLong(ArcChange::size).sum();
        return (double) tokens / Token.RING_SIZE;
    }
}
