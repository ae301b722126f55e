package io.pgring.hashring;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The virtual nodes of a ring, sorted, with their owners and a directory by high bits.
 *
 * <p>Point i of a member, from 0 to weight times points per weight - 1, is murmur3 (32 bits, seed 0) of the UTF-8 text {@code
 * name#i}. Where points of two members coincide, the member with the lower name has it.
 */
final class Points {

    private static final HashFunction MURMUR3 = Hashing.murmur3_32_fixed();

    /** The points in ascending unsigned order, without doubles, each less 2^31: so signed comparison puts them in order. */
    private final int[] shifted;

    /** Index of the member that owns each point, and after the last one, because the ring wraps, that of the first once more. */
    private final int[] owners;

    /** For each bucket of tokens (by their high bits) how many points lie below it; one more entry closes the last bucket. */
    private final int[] pointsBelow;

    /** What to shift a token by to get its bucket: 10 to 31. */
    private final int bucketShift;

    private Points(int[] shifted, int[] owners) {
        this.shifted = shifted;
        this.owners = owners;
        int bucketBits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(shifted.length - 1));
        this.bucketShift = Integer.SIZE - bucketBits;
        this.pointsBelow = new int[(1 << bucketBits) + 1];
        for (int point : shifted) {
            pointsBelow[(unshift(point) >>> bucketShift) + 1]++;
        }
        Arrays.parallelPrefix(pointsBelow, Integer::sum);
    }

    /** Places the virtual nodes of members that are sorted by name. */
    static Points of(List<RingMember> members, int pointsPerWeight) {
        int count =
                pointsPerWeight * members.stream().mapToInt(RingMember::weight).sum();
        // The point above, the member below: sorting puts the lower name first among equal points.
        long[] nodes = new long[count];
        int n = 0;
        for (int member = 0; member < members.size(); member++) {
            String prefix = members.get(member).name() + "#";
            int end = n + members.get(member).weight() * pointsPerWeight;
            for (int i = 0; n < end; i++, n++) {
                int point =
                        MURMUR3.hashString(prefix + i, StandardCharsets.UTF_8).asInt();
                nodes[n] = ((long) shift(point) << Integer.SIZE) | member;
            }
        }
        Arrays.sort(nodes);
        int[] shifted = new int[count];
        int[] owners = new int[count + 1];
        int distinct = 0;
        for (long node : nodes) {
            int point = (int) (node >> Integer.SIZE);
            if (distinct == 0 || point != shifted[distinct - 1]) {
                shifted[distinct] = point;
                owners[distinct] = (int) node;
                distinct++;
            }
        }
        owners[distinct] = owners[0];
        return new Points(Arrays.copyOf(shifted, distinct), Arrays.copyOf(owners, distinct + 1));
    }

    /** One point at the end of each arc; the arcs cover all tokens. */
    static Points of(List<Arc> arcs) {
        int[] shifted = new int[arcs.size()];
        int[] owners = new int[arcs.size() + 1];
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = shift((int) (arcs.get(i).to() - 1));
            owners[i] = arcs.get(i).member();
        }
        owners[shifted.length] = owners[0];
        return new Points(shifted, owners);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Points points
                && Arrays.equals(shifted, points.shifted)
                && Arrays.equals(owners, points.owners);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shifted) + Arrays.hashCode(owners);
    }

    /** Index of the member that has the first point at or clockwise after the token. */
    int ownerOf(int token) {
        int bucket = token >>> bucketShift;
        int low = pointsBelow[bucket];
        int high = pointsBelow[bucket + 1];
        int wanted = shift(token);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (shifted[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return owners[low];
    }

    /** The ring as arcs: ascending, each token once, merged where neighbours have the same owner, cut at 0. */
    List<Arc> arcs() {
        List<Arc> arcs = new ArrayList<>();
        long from = 0;
        for (int i = 0; i < shifted.length; i++) {
            long to = Token.toUnsigned(unshift(shifted[i])) + 1;
            if (owners[i] != owners[i + 1] && to < Token.RING_SIZE) {
                arcs.add(new Arc(from, to, owners[i]));
                from = to;
            }
        }
        arcs.add(new Arc(from, Token.RING_SIZE, ownerOf(-1)));
        return arcs;
    }

    private static int shift(int point) {
        return point ^ Integer.MIN_VALUE;
    }

    private static int unshift(int shifted) {
        return shifted ^ Integer.MIN_VALUE;
    }
}
