package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** How evenly the default number of points spreads the keys. The seed is fixed: this measures, it does not search. */
class RingBalanceTest {

    private static final double LARGEST_TO_MEAN_MAX = 1.10;

    /** A share scatters by 1/sqrt(points): 2.8 % of itself at 1280 points. Four and a half times that. */
    private static final Offset<Double> SHARE_TOLERANCE = within(0.126);

    private final Random random = new Random(20260101);

    @Test
    void theLargestOfEightShardsHoldsAtMostATenthMoreThanTheMean() {
        assertThat(largestToMean(Members.numbered("shard-", 8))).isLessThanOrEqualTo(LARGEST_TO_MEAN_MAX);
        assertThat(largestToMean(Members.numbered("postgres-shard-", 8))).isLessThanOrEqualTo(LARGEST_TO_MEAN_MAX);
        assertThat(largestToMean(Members.numbered("shard", 8))).isLessThanOrEqualTo(LARGEST_TO_MEAN_MAX);
        for (int round = 0; round < 300; round++) {
            List<RingMember> members = round % 2 == 0
                    ? Members.random(random, 8, 1)
                    : Members.numbered(Long.toUnsignedString(random.nextLong(), 36) + "-", 8);
            assertThat(largestToMean(members)).as("%s", members).isLessThanOrEqualTo(LARGEST_TO_MEAN_MAX);
        }
    }

    @Test
    void sharesFollowTheWeights() {
        for (int round = 0; round < 40; round++) {
            Ring ring = Ring.of(Members.random(random, 2 + random.nextInt(10), 10));
            double weights =
                    ring.members().stream().mapToInt(RingMember::weight).sum();
            for (int member = 0; member < ring.members().size(); member++) {
                double fair = ring.members().get(member).weight() / weights;
                assertThat(ring.shareOf(member) / fair)
                        .as("member %d of %s", member, ring)
                        .isCloseTo(1, SHARE_TOLERANCE);
            }
        }
    }

    @Test
    void keysSpreadAsTheArcsDo() {
        Ring ring = Ring.of(Members.numbered("shard-", 8));
        int keys = 200_000;
        int[] counts = new int[8];
        for (int i = 0; i < keys; i++) {
            counts[ring.ownerOf(Token.ofText("user_" + i))]++;
        }
        for (int member = 0; member < counts.length; member++) {
            assertThat((double) counts[member] / keys).isCloseTo(ring.shareOf(member), within(0.005));
        }
    }

    private static double largestToMean(List<RingMember> members) {
        Ring ring = Ring.of(members);
        double largest = 0;
        for (int member = 0; member < members.size(); member++) {
            largest = Math.max(largest, ring.shareOf(member));
        }
        return largest * members.size();
    }
}
