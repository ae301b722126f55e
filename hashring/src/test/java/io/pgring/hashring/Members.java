package io.pgring.hashring;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Lists of members for tests. */
final class Members {

    private Members() {}

    /** Weight 1, names prefix0, prefix1 and so on. */
    static List<RingMember> numbered(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> RingMember.of(prefix + i))
                .toList();
    }

    /** Different random names, random weights from 1 to the given one. */
    static List<RingMember> random(Random random, int count, int weightMax) {
        List<RingMember> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = Long.toUnsignedString((random.nextLong() << 10) | i, 36);
            members.add(new RingMember(name, 1 + random.nextInt(weightMax)));
        }
        return members;
    }

    /** The list and one more. */
    static List<RingMember> with(List<RingMember> members, RingMember member) {
        List<RingMember> more = new ArrayList<>(members);
        more.add(member);
        return more;
    }
}
