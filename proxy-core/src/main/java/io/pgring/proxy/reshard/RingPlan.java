package io.pgring.proxy.reshard;

import io.pgring.hashring.ArcChange;
import io.pgring.hashring.Arcs;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingDiff;
import io.pgring.hashring.RingMember;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What it takes to come from the ring of now to another. Pure.
 *
 * <p>The ring of now may be one that no set of weights gives, when an earlier change was given up halfway: the plan goes from whoever owns an
 * arc to whoever ought to, so that it also finishes or takes back what was left.
 *
 * @param wanted the ring at the end
 * @param moves in the order in which they are made: those to one target follow each other, so that a new shard is done before the next begins
 */
public record RingPlan(Ring wanted, List<PlannedMove> moves) {
    public RingPlan {
        moves = List.copyOf(moves);
    }

    /**
     * Plans.
     *
     * @param members those that shall own something, with their weights
     * @throws IllegalArgumentException if one of them is no shard, or moves are under way: two plans at once would be one too many
     */
    public static RingPlan of(Placement placement, List<RingMember> members) {
        for (RingMember member : members) {
            if (placement.shards().stream().noneMatch(shard -> shard.name().equals(member.name()))) {
                throw new IllegalArgumentException("there is no shard \"" + member.name() + "\"");
            }
        }
        if (!placement.moves().isEmpty()) {
            Move move = placement.moves().get(0);
            throw new IllegalArgumentException("move " + move.id() + " from shard \""
                    + placement.shards().get(move.source()).name() + "\" to shard \""
                    + placement.shards().get(move.target()).name() + "\" is under way");
        }
        Ring wanted = Ring.of(members, placement.ring().pointsPerWeight());
        TreeMap<String, TreeMap<String, List<ArcChange>>> byTarget = new TreeMap<>();
        for (ArcChange change : RingDiff.between(placement.ring(), wanted).changes()) {
            byTarget.computeIfAbsent(change.target(), name -> new TreeMap<>())
                    .computeIfAbsent(change.source(), name -> new ArrayList<>())
                    .add(change);
        }
        List<PlannedMove> moves = new ArrayList<>();
        byTarget.forEach((target, bySource) ->
                bySource.forEach((source, changes) -> moves.add(new PlannedMove(source, target, Arcs.of(changes)))));
        return new RingPlan(wanted, moves);
    }

    /** The part of the ring that changes hands, 0 to 1. */
    public double shareMoved() {
        return moves.stream().mapToDouble(move -> move.arcs().share()).sum();
    }
}
