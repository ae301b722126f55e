package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RingTest {

    /** The points of this ring, from a murmur3 written apart from Guava's: a change would strand rows that are stored. */
    private static final Ring PINNED = Ring.of(Members.numbered("shard-", 3), 2);

    private static final long SHARD_0_FIRST = 2103894189L;
    private static final long SHARD_0_SECOND = 2759877656L;
    private static final long SHARD_1_FIRST = 3376620089L;
    private static final long SHARD_1_SECOND = 3211099694L;
    private static final long SHARD_2_FIRST = 3002150270L;
    private static final long SHARD_2_SECOND = 3957638683L;

    @Test
    void placementNeverChanges() {
        assertThat(PINNED.arcs())
                .containsExactly(
                        new Arc(0, SHARD_0_SECOND + 1, 0),
                        new Arc(SHARD_0_SECOND + 1, SHARD_2_FIRST + 1, 2),
                        new Arc(SHARD_2_FIRST + 1, SHARD_1_FIRST + 1, 1),
                        new Arc(SHARD_1_FIRST + 1, SHARD_2_SECOND + 1, 2),
                        new Arc(SHARD_2_SECOND + 1, Token.RING_SIZE, 0));
    }

    @Test
    void aTokenBelongsToThePointAtOrClockwiseAfterIt() {
        assertThat(PINNED.ownerOf((int) SHARD_0_FIRST)).isEqualTo(0);
        assertThat(PINNED.ownerOf((int) SHARD_0_SECOND)).isEqualTo(0);
        assertThat(PINNED.ownerOf((int) (SHARD_0_SECOND + 1))).isEqualTo(2);
        assertThat(PINNED.ownerOf((int) SHARD_2_FIRST)).isEqualTo(2);
        assertThat(PINNED.ownerOf((int) (SHARD_2_FIRST + 1))).isEqualTo(1);
        assertThat(PINNED.ownerOf((int) SHARD_1_SECOND)).isEqualTo(1);
    }

    @Test
    void pastTheLastPointTheRingWraps() {
        assertThat(PINNED.ownerOf((int) SHARD_2_SECOND)).isEqualTo(2);
        assertThat(PINNED.ownerOf((int) (SHARD_2_SECOND + 1))).isEqualTo(0);
        assertThat(PINNED.ownerOf(-1)).isEqualTo(0);
        assertThat(PINNED.ownerOf(0)).isEqualTo(0);
    }

    @Test
    void oneMemberOwnsAll() {
        Ring ring = Ring.of(List.of(RingMember.of("only")), 1);
        assertThat(ring.arcs()).containsExactly(new Arc(0, Token.RING_SIZE, 0));
        assertThat(ring.shareOf(0)).isEqualTo(1);
        assertThat(ring.ownerOf(0)).isZero();
        assertThat(ring.ownerOf(Integer.MIN_VALUE)).isZero();
        assertThat(ring.ownerOf(-1)).isZero();
    }

    @Test
    void membersAreSortedByName() {
        Ring ring = Ring.of(List.of(RingMember.of("b"), new RingMember("a", 7), RingMember.of("B")), 1);
        assertThat(ring.members()).extracting(RingMember::name).containsExactly("B", "a", "b");
        assertThat(ring.pointsPerWeight()).isEqualTo(1);
    }

    @Test
    void ringsOfTheSameMembersAndPointsAreEqual() {
        Ring ring = Ring.of(List.of(RingMember.of("a"), RingMember.of("b")), 3);
        assertThat(ring)
                .isEqualTo(Ring.of(List.of(RingMember.of("b"), RingMember.of("a")), 3))
                .hasSameHashCodeAs(Ring.of(List.of(RingMember.of("b"), RingMember.of("a")), 3))
                .isNotEqualTo(Ring.of(List.of(RingMember.of("b"), RingMember.of("a")), 4))
                .isNotEqualTo(Ring.of(List.of(RingMember.of("b"), new RingMember("a", 2)), 3))
                .hasToString(
                        "Ring[members=[RingMember[name=a, weight=1], RingMember[name=b, weight=1]], pointsPerWeight=3]");
    }

    @Test
    void theLargestRingIsBuilt() {
        Ring ring = Ring.of(Members.numbered("shard-", Ring.MEMBERS_MAX), Ring.POINTS_MAX / Ring.MEMBERS_MAX);
        assertThat(ring.members()).hasSize(Ring.MEMBERS_MAX);
        assertThat(ring.arcs().get(ring.arcs().size() - 1).to()).isEqualTo(Token.RING_SIZE);
    }

    @Test
    void limitsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(List.of()))
                .withMessage("a ring must have between 1 and 1024 shards, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(Members.numbered("shard-", 1025), 1))
                .withMessage("a ring must have between 1 and 1024 shards, not 1025");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(List.of(RingMember.of("a")), 0))
                .withMessage("points per weight must be at least 1, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(List.of(RingMember.of("a"), new RingMember("a", 2)), 1))
                .withMessage("shard \"a\" is in the ring twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(List.of(new RingMember("a", 100)), Integer.MAX_VALUE))
                .withMessage(
                        "a ring must have at most 4194304 points, not 2147483647 for each unit of a total weight of 100");
    }

    @Test
    void aMemberHasANameAndAWeight() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RingMember("a", 0))
                .withMessage("weight of shard \"a\" must be between 1 and 100, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RingMember("a", 101))
                .withMessage("weight of shard \"a\" must be between 1 and 100, not 101");
        for (String name : List.of("", " ", "a b", "a#1", "größe", "-a", ".a", "a\n", "a'", "x".repeat(64))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RingMember.of(name))
                    .withMessageStartingWith("shard name \"" + name + "\" must have");
        }
        assertThat(RingMember.of("x".repeat(63)).weight()).isEqualTo(1);
        assertThat(RingMember.of("db-1.eu_West")).isEqualTo(new RingMember("db-1.eu_West", 1));
    }

    @Test
    void anUnknownMemberIsRefused() {
        assertThatThrownBy(() -> PINNED.shareOf(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> PINNED.arcsOf(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
