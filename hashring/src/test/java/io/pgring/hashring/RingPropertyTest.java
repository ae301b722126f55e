package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Properties that hold for any ring, against {@link ReferenceRing}. */
class RingPropertyTest {

    private final Random random = Seed.random("RingPropertyTest");

    @Test
    void ownersAreThoseOfTheReferenceAtRandomTokensAndAroundEveryPoint() {
        for (int round = 0; round < 60; round++) {
            List<RingMember> members = Members.random(random, 1 + random.nextInt(12), 3);
            int pointsPerWeight = 1 + random.nextInt(40);
            Ring ring = Ring.of(members, pointsPerWeight);
            ReferenceRing reference = new ReferenceRing(members, pointsPerWeight);
            for (int point : reference.points()) {
                assertSameOwner(ring, reference, point - 1);
                assertSameOwner(ring, reference, point);
                assertSameOwner(ring, reference, point + 1);
                assertSameOwner(ring, reference, random.nextInt());
            }
            for (int token : new int[] {0, 1, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertSameOwner(ring, reference, token);
            }
        }
    }

    @Test
    void wherePointsCoincideTheLowerNameOwnsThePoint() {
        List<RingMember> members = new ArrayList<>(Members.numbered("shard-", 200));
        Collections.shuffle(members, random);
        ReferenceRing reference = new ReferenceRing(members, 2000);
        Ring ring = Ring.of(members, 2000);
        Set<Integer> seen = new HashSet<>();
        List<Integer> coinciding =
                reference.points().stream().filter(point -> !seen.add(point)).toList();
        assertThat(coinciding).hasSizeGreaterThan(5);
        for (int point : coinciding) {
            assertSameOwner(ring, reference, point - 1);
            assertSameOwner(ring, reference, point);
            assertSameOwner(ring, reference, point + 1);
        }
    }

    @Test
    void arcsCoverEveryTokenOnceAndAgreeWithTheLookup() {
        for (int round = 0; round < 100; round++) {
            Ring ring = Ring.of(Members.random(random, 1 + random.nextInt(12), 4), 1 + random.nextInt(300));
            long next = 0;
            int owner = -1;
            for (Arc arc : ring.arcs()) {
                assertThat(arc.from()).isEqualTo(next);
                assertThat(arc.member()).isNotEqualTo(owner);
                long inside = arc.from() + (long) (random.nextDouble() * arc.size());
                for (long token : new long[] {arc.from(), inside, arc.to() - 1}) {
                    assertThat(ring.ownerOf((int) token)).isEqualTo(arc.member());
                    assertThat(arc.contains((int) token)).isTrue();
                }
                next = arc.to();
                owner = arc.member();
            }
            assertThat(next).isEqualTo(Token.RING_SIZE);
        }
    }

    @Test
    void sharesAreThoseOfTheArcsAndAddUpToOne() {
        Ring ring = Ring.of(Members.random(random, 9, 5), 50);
        double sum = 0;
        int arcs = 0;
        for (int member = 0; member < ring.members().size(); member++) {
            List<Arc> own = ring.arcsOf(member);
            assertThat(own).extracting(Arc::member).containsOnly(member);
            assertThat(ring.shareOf(member))
                    .isEqualTo(own.stream().mapToLong(Arc::size).sum() / 0x1p32);
            sum += ring.shareOf(member);
            arcs += own.size();
        }
        assertThat(sum).isEqualTo(1);
        assertThat(arcs).isEqualTo(ring.arcs().size());
    }

    @Test
    void theOrderOfDeclarationDoesNotMatter() {
        for (int round = 0; round < 50; round++) {
            List<RingMember> members = Members.random(random, 2 + random.nextInt(20), 5);
            Ring ring = Ring.of(members, 20);
            List<RingMember> shuffled = new ArrayList<>(members);
            Collections.shuffle(shuffled, random);
            assertThat(Ring.of(shuffled, 20)).isEqualTo(ring);
            assertThat(Ring.of(shuffled, 20).members()).isEqualTo(ring.members());
            assertThat(Ring.of(shuffled, 20).arcs()).isEqualTo(ring.arcs());
        }
    }

    private static void assertSameOwner(Ring ring, ReferenceRing reference, int token) {
        String expected = reference.ownerOf(token);
        String actual = ring.members().get(ring.ownerOf(token)).name();
        if (!actual.equals(expected)) {
            assertThat(actual)
                    .as("owner of %d in %s", Token.toUnsigned(token), ring)
                    .isEqualTo(expected);
        }
    }
}
