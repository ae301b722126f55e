package io.pgring.hashring;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The definition of the ring, word for word: of all virtual nodes take the one with the shortest way clockwise, then the lowest name. */
final class ReferenceRing {

    private record VirtualNode(int point, String name) {}

    private final List<VirtualNode> nodes = new ArrayList<>();

    ReferenceRing(List<RingMember> members, int pointsPerWeight) {
        for (RingMember member : members) {
            for (int i = 0; i < member.weight() * pointsPerWeight; i++) {
                String node = member.name() + "#" + i;
                int point = Hashing.murmur3_32_fixed()
                        .hashString(node, StandardCharsets.UTF_8)
                        .asInt();
                nodes.add(new VirtualNode(point, member.name()));
            }
        }
    }

    List<Integer> points() {
        return nodes.stream().map(VirtualNode::point).toList();
    }

    String ownerOf(int token) {
        VirtualNode best = nodes.get(0);
        for (VirtualNode node : nodes) {
            int order = Integer.compareUnsigned(node.point - token, best.point - token);
            if (order < 0 || (order == 0 && node.name.compareTo(best.name) < 0)) {
                best = node;
            }
        }
        return best.name;
    }
}
