package io.pgring.hashring;

import static java.util.Comparator.comparing;

import java.util.List;
import java.util.Objects;

/**
 * A consistent-hash ring: every token belongs to exactly one member. Immutable, safe to share between threads.
 *
 * <p>Each member has virtual nodes, points on the ring; a token belongs to the first virtual node at or clockwise after it, and
 * past the last point the ring wraps. So the point p with predecessor q owns the tokens {@code [q+1, p+1)}:
 *
 * <pre>
 *   0       q           p                2^32
 *   ├───────●───────────●──────────────────┤
 *     owner   owner of p    owner of the first point
 *     of q    (q, p]
 * </pre>
 *
 * <p>The lookup starts from the token's high bits, which name a bucket; there are one to two buckets for each point, and as the
 * points are spread evenly a bucket holds about one, so that the binary search within it ends after a step or two. Over 10,240
 * points that takes a fifth of the time of a binary search over all of them, whose branches no processor predicts.
 *
 * <p>Rings are equal whose members and points are; the order in which members are declared does not matter. A ring {@linkplain #ofArcs of
 * arcs} has a point at the end of each arc.
 */
public final class Ring {

    /** Most members of a ring. */
    public static final int MEMBERS_MAX = 1024;

    /** Most virtual nodes of a ring, all members together. A point takes 12 to 16 bytes of memory. */
    public static final int POINTS_MAX = 1 << 22;

    /**
     * Virtual nodes per unit of weight when nothing else is configured.
     *
     * <p>Chosen so that the largest of 8 equal shards holds at most 1.10 of the mean. The share of a shard scatters around the mean by
     * {@code sqrt(7/8 / points)} of it. Measured as largest share / mean, for the names shard-0 to shard-7, postgres-shard-0 to
     * postgres-shard-7, and 1,000 random sets of 8 names:
     *
     * <pre>
     *   points   shard-N   postgres-shard-N   random sets: median   99 %    worst   above 1.10
     *      256    1.056         1.044                       1.086   1.186   1.212      333
     *      512    1.080         1.059                       1.061   1.125   1.209       63
     *     1024    1.036         1.025                       1.043   1.095   1.135        6
     *     1280    1.036         1.029                       1.037   1.080   1.091        0
     *     2048    1.033         1.011                       1.031   1.064   1.077        0
     * </pre>
     */
    public static final int POINTS_PER_WEIGHT_DEFAULT = 1280;

    private final List<RingMember> members;
    private final int pointsPerWeight;
    private final Points points;

    private Ring(List<RingMember> members, int pointsPerWeight, Points points) {
        this.members = members;
        this.pointsPerWeight = pointsPerWeight;
        this.points = points;
    }

    /**
     * A ring with {@link #POINTS_PER_WEIGHT_DEFAULT} virtual nodes per unit of weight.
     *
     * @throws IllegalArgumentException as {@link #of(List, int)}
     */
    public static Ring of(List<RingMember> members) {
        return of(members, POINTS_PER_WEIGHT_DEFAULT);
    }

    /**
     * A ring of the given members, in any order.
     *
     * @param pointsPerWeight virtual nodes for each unit of a member's weight, at least 1
     * @throws IllegalArgumentException if there is no member or more than {@link #MEMBERS_MAX}, if two have the same name, or if there
     *     would be more than {@link #POINTS_MAX} virtual nodes
     */
    public static Ring of(List<RingMember> members, int pointsPerWeight) {
        List<RingMember> sorted = sorted(members, pointsPerWeight);
        return new Ring(sorted, pointsPerWeight, Points.of(sorted, pointsPerWeight));
    }

    /**
     * The ring as it is while arcs are on their way to other owners: each member owns what is said, wherever its virtual nodes are.
     *
     * @param pointsPerWeight as in {@link #of(List, int)}
     * @param arcs all tokens, each once, in ascending order; members are numbered as in {@link #members()}
     * @throws IllegalArgumentException as {@link #of(List, int)}, or if a token belongs to nobody or to two
     */
    public static Ring ofArcs(List<RingMember> members, int pointsPerWeight, List<Arc> arcs) {
        List<RingMember> sorted = sorted(members, pointsPerWeight);
        long next = 0;
        for (Arc arc : arcs) {
            if (arc.from() != next) {
                throw new IllegalArgumentException("token " + Math.min(next, arc.from())
                        + (arc.from() < next ? " has two owners" : " has no owner"));
            }
            Objects.checkIndex(arc.member(), sorted.size());
            next = arc.to();
        }
        if (next < Token.RING_SIZE) {
            throw new IllegalArgumentException("token " + next + " has no owner");
        }
        return new Ring(sorted, pointsPerWeight, Points.of(arcs));
    }

    private static List<RingMember> sorted(List<RingMember> members, int pointsPerWeight) {
        if (members.isEmpty() || members.size() > MEMBERS_MAX) {
            throw new IllegalArgumentException(
                    "a ring must have between 1 and " + MEMBERS_MAX + " shards, not " + members.size());
        }
        if (pointsPerWeight < 1) {
            throw new IllegalArgumentException("points per weight must be at least 1, not " + pointsPerWeight);
        }
        List<RingMember> sorted =
                members.stream().sorted(comparing(RingMember::name)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
                throw new IllegalArgumentException("shard \"" + sorted.get(i).name() + "\" is in the ring twice");
            }
        }
        long weight = sorted.stream().mapToLong(RingMember::weight).sum();
        if (weight * pointsPerWeight > POINTS_MAX) {
            throw new IllegalArgumentException("a ring must have at most " + POINTS_MAX + " points, not "
                    + pointsPerWeight + " for each unit of a total weight of " + weight);
        }
        return sorted;
    }

    /** The members in ascending order of their names (as {@link String#compareTo} has it): a member's index is its place in this list. */
    public List<RingMember> members() {
        return members;
    }

    /** Virtual nodes for each unit of a member's weight. */
    public int pointsPerWeight() {
        return pointsPerWeight;
    }

    /** Index of the member that owns the token. Allocates nothing. */
    public int ownerOf(int token) {
        return points.ownerOf(token);
    }

    /**
     * All arcs in ascending order, covering every token exactly once; neighbours have different owners. The range that wraps is split at 0,
     * so the first and the last arc may belong to the same member.
     */
    public List<Arc> arcs() {
        return points.arcs();
    }

    /**
     * The arcs of one member, in ascending order.
     *
     * @param member index in {@link #members}
     * @throws IndexOutOfBoundsException if there is no such member
     */
    public List<Arc> arcsOf(int member) {
        int owner = Objects.checkIndex(member, members.size());
        return arcs().stream().filter(arc -> arc.member() == owner).toList();
    }

    /**
     * The part of the ring that a member owns, 0 to 1.
     *
     * @param member index in {@link #members}
     * @throws IndexOutOfBoundsException if there is no such member
     */
    public double shareOf(int member) {
        long tokens = arcsOf(member).stream().mapToLong(Arc::size).sum();
        return (double) tokens / Token.RING_SIZE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ring ring
                && pointsPerWeight == ring.pointsPerWeight
                && members.equals(ring.members)
                && points.equals(ring.points);
    }

    @Override
    public int hashCode() {
        return 31 * members.hashCode() + pointsPerWeight;
    }

    @Override
    public String toString() {
        return "Ring[members=" + members + ", pointsPerWeight=" + pointsPerWeight + "]";
    }
}
