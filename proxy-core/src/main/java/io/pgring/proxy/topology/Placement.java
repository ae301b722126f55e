package io.pgring.proxy.topology;

import io.pgring.hashring.Ring;
import java.util.List;
import java.util.Set;

/**
 * Which shards there are and what each of them owns.
 *
 * @param version as the catalog on the home shard counts them, the same for all proxies; 0 when it follows the configuration alone
 * @param shards a shard's index is its place, and stays that as long as the proxy runs; the first is the home shard
 * @param ring its members are shards, by name; a shard that is not on it owns nothing
 * @param moves under way, or whose rows are not yet cleaned up
 * @param gone indexes of shards that have been taken away, to which nothing is sent; their places stay theirs
 */
public record Placement(long version, List<Shard> shards, Ring ring, List<Move> moves, Set<Integer> gone) {
    public Placement {
        shards = List.copyOf(shards);
        moves = List.copyOf(moves);
        gone = Set.copyOf(gone);
        if (gone.contains(0)) {
            throw new IllegalArgumentException("the home shard can't be gone");
        }
    }

    /** One in which no shard has gone. */
    public Placement(long version, List<Shard> shards, Ring ring, List<Move> moves) {
        this(version, shards, ring, moves, Set.of());
    }

    /** Of the configuration alone. */
    public static Placement configured(List<Shard> shards, Ring ring) {
        return new Placement(0, shards, ring, List.of());
    }

    /** The shards that statements are sent to: all but those that are gone. */
    public List<Shard> members() {
        return gone.isEmpty()
                ? shards
                : shards.stream().filter(shard -> !gone.contains(shard.index())).toList();
    }

    /** Whether there may be rows twice, so that what reads more than one shard must read visible views. */
    public boolean hidesRows() {
        return moves.stream().anyMatch(Move::hidesRows);
    }

    /** Whether statements on some arcs wait. */
    public boolean isPaused() {
        return moves.stream().anyMatch(Move::isPaused);
    }

    /** Whether statements on a token wait. */
    public boolean isPaused(int token) {
        for (int i = 0; i < moves.size(); i++) {
            if (moves.get(i).isPaused() && moves.get(i).arcs().contains(token)) {
                return true;
            }
        }
        return false;
    }
}
