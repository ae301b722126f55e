package io.pgring.proxy.topology;

import io.pgring.hashring.Ring;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which shards there are and what each of them owns. Immutable; what is asked for each statement is a field. */
public final class Placement {
    private final long version;
    private final List<Shard> shards;
    private final List<Shard> members;
    private final List<Membership> memberships;
    private final Set<Integer> gone;
    private final Ring ring;
    private final List<Move> moves;
    private final boolean hidesRows;
    private final boolean paused;
    private final boolean flipped;

    /**
     * @param version as the catalog on the home shard counts them, the same for all proxies; 0 when it follows the configuration alone
     * @param shards a shard's index is its place, and stays that as long as the proxy runs; the first is the home shard
     * @param ring its members are shards, by name; a shard that is not on it owns nothing
     * @param moves under way, or whose rows are not yet cleaned up
     * @param memberships of the shards, by index; the places of those that are gone stay theirs
     */
    public Placement(long version, List<Shard> shards, Ring ring, List<Move> moves, List<Membership> memberships) {
        if (memberships.get(0) == Membership.GONE) {
            throw new IllegalArgumentException("the home shard can't be gone");
        }
        this.version = version;
        this.shards = List.copyOf(shards);
        this.memberships = List.copyOf(memberships);
        this.members = shards.stream()
                .filter(shard -> memberships.get(shard.index()) != Membership.GONE)
                .toList();
        this.gone = shards.stream()
                .map(Shard::index)
                .filter(index -> memberships.get(index) == Membership.GONE)
                .collect(Collectors.toUnmodifiableSet());
        this.ring = ring;
        this.moves = List.copyOf(moves);
        this.hidesRows = moves.stream().anyMatch(Move::hidesRows);
        this.paused = moves.stream().anyMatch(Move::isPaused);
        this.flipped = moves.stream().anyMatch(Move::isFlipped);
    }

    /** One in which no shard comes or goes. */
    public Placement(long version, List<Shard> shards, Ring ring, List<Move> moves) {
        this(version, shards, ring, moves, Collections.nCopies(shards.size(), Membership.MEMBER));
    }

    /** Of the configuration alone. */
    public static Placement configured(List<Shard> shards, Ring ring) {
        return new Placement(0, shards, ring, List.of());
    }

    /** As the catalog on the home shard counts them. */
    public long version() {
        return version;
    }

    /** The shards, by index. */
    public List<Shard> shards() {
        return shards;
    }

    /** The shards that statements are sent to: all but those that are gone. */
    public List<Shard> members() {
        return members;
    }

    /** Indexes of shards that have been taken away, to which nothing is sent; their places stay theirs. */
    public Set<Integer> gone() {
        return gone;
    }

    /** How a shard belongs to the ring. */
    public Membership membershipOf(Shard shard) {
        return memberships.get(shard.index());
    }

    /** Its members are shards, by name. */
    public Ring ring() {
        return ring;
    }

    /** Under way, or whose rows are not yet cleaned up. */
    public List<Move> moves() {
        return moves;
    }

    /** The same as if nothing were moved. */
    Placement withoutMoves() {
        return new Placement(version, shards, ring, List.of(), memberships);
    }

    /** Whether there may be rows twice, so that what reads more than one shard must read visible views. */
    public boolean hidesRows() {
        return hidesRows;
    }

    /** Whether a shard may have rows that count on another one. */
    public boolean hidesRowsOn(Shard shard) {
        return hidesRows && moves.stream().anyMatch(move -> move.hidesRows() && move.concerns(shard));
    }

    /** Whether statements on some arcs wait. */
    public boolean isPaused() {
        return paused;
    }

    /** Whether statements on a token wait. */
    public boolean isPaused(int token) {
        return pausing(token) != null;
    }

    /** Whether some arcs have just been given to another shard. */
    public boolean isFlipped() {
        return flipped;
    }

    /** Whether a token has just been given to another shard. */
    public boolean isFlipped(int token) {
        return flipped
                && moves.stream()
                        .anyMatch(move -> move.isFlipped() && move.arcs().contains(token));
    }

    /** The move for which statements on a token wait; null when they don't. */
    public @Nullable Move pausing(int token) {
        for (int i = 0; paused && i < moves.size(); i++) {
            if (moves.get(i).isPaused() && moves.get(i).arcs().contains(token)) {
                return moves.get(i);
            }
        }
        return null;
    }
}
