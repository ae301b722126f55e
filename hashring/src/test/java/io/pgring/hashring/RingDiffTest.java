package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingDiffTest {

    @Test
    void equalRingsHaveNoDifference() {
        Ring ring = Ring.of(Members.numbered("shard-", 5), 10);
        assertThat(RingDiff.between(ring, ring)).isEqualTo(new RingDiff(List.of()));
        assertThat(RingDiff.between(ring, ring).shareMoved()).isZero();
    }

    @Test
    void replacingTheOnlyMemberMovesTheWholeRing() {
        RingDiff diff = RingDiff.between(Ring.of(List.of(RingMember.of("a"))), Ring.of(List.of(RingMember.of("b"))));
        assertThat(diff.changes()).containsExactly(new ArcChange(0, Token.RING_SIZE, "a", "b"));
        assertThat(diff.shareMoved()).isEqualTo(1);
    }

    @Test
    void addingAShardMovesItsFairShareAndOnlyToIt() {
        Random random = new Random(20260102);
        for (int n = 1; n <= 12; n++) {
            for (int round = 0; round < 10; round++) {
                List<RingMember> members = round == 0 ? Members.numbered("shard-", n) : Members.random(random, n, 1);
                RingMember added = RingMember.of("shard-" + n);
                Ring before = Ring.of(members);
                Ring after = Ring.of(Members.with(members, added));

                RingDiff diff = RingDiff.between(before, after);

                assertThat(diff.changes()).extracting(ArcChange::target).containsOnly(added.name());
                assertThat(diff.changes()).extracting(ArcChange::source).doesNotContain(added.name());
                assertThat(diff.shareMoved())
                        .isEqualTo(after.shareOf(after.members().indexOf(added)));
                // 1/(N+1) of the ring, give or take 12.6 % of that: four and a half standard deviations at 1280 points.
                assertThat(diff.shareMoved() * (n + 1))
                        .as("%d shards and one more", n)
                        .isCloseTo(1, within(0.126));
            }
        }
    }

    @Test
    void removingAShardMovesWhatItHadAndNothingElse() {
        Random random = Seed.random("RingDiffTest.removing");
        for (int round = 0; round < 100; round++) {
            List<RingMember> kept = Members.random(random, 1 + random.nextInt(12), 4);
            RingMember removed = new RingMember("removed", 1 + random.nextInt(4));
            Ring before = Ring.of(Members.with(kept, removed), 30);
            int index = before.members().indexOf(removed);

            RingDiff diff = RingDiff.between(before, Ring.of(kept, 30));

            assertThat(diff.changes()).extracting(ArcChange::source).containsOnly("removed");
            assertThat(diff.shareMoved()).isEqualTo(before.shareOf(index));
        }
    }

    @Test
    void aGreaterWeightMovesOnlyToItAndALesserOnlyFromIt() {
        List<RingMember> others = Members.numbered("shard-", 4);
        Ring light = Ring.of(Members.with(others, new RingMember("x", 1)), 50);
        Ring heavy = Ring.of(Members.with(others, new RingMember("x", 3)), 50);
        assertThat(RingDiff.between(light, heavy).changes())
                .extracting(ArcChange::target)
                .containsOnly("x");
        assertThat(RingDiff.between(heavy, light).changes())
                .extracting(ArcChange::source)
                .containsOnly("x");
    }

    @Test
    void betweenAnyTwoRingsTheChangesAreExactlyTheTokensWhoseOwnerDiffers() {
        Random random = Seed.random("RingDiffTest.any");
        for (int round = 0; round < 100; round++) {
            List<RingMember> pool = Members.random(random, 8, 3);
            Ring before = Ring.of(pool.subList(0, 1 + random.nextInt(8)), 1 + random.nextInt(30));
            Ring after = Ring.of(pool.subList(random.nextInt(8), 8), 1 + random.nextInt(30));

            RingDiff diff = RingDiff.between(before, after);

            long next = 0;
            for (ArcChange change : diff.changes()) {
                assertUnchanged(before, after, next, change.from(), random);
                long inside = change.from() + (long) (random.nextDouble() * change.size());
                for (long token : new long[] {change.from(), inside, change.to() - 1}) {
                    assertThat(ownerOf(before, token)).isEqualTo(change.source());
                    assertThat(ownerOf(after, token)).isEqualTo(change.target());
                }
                next = change.to();
            }
            assertUnchanged(before, after, next, Token.RING_SIZE, random);
        }
    }

    private static void assertUnchanged(Ring before, Ring after, long from, long to, Random random) {
        assertThat(from).isLessThanOrEqualTo(to);
        if (from < to) {
            long inside = from + (long) (random.nextDouble() * (to - from));
            for (long token : new long[] {from, inside, to - 1}) {
                assertThat(ownerOf(before, token)).isEqualTo(ownerOf(after, token));
            }
        }
    }

    private static String ownerOf(Ring ring, long token) {
        return ring.members().get(ring.ownerOf((int) token)).name();
    }
}
