package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of tokens, and rings made of explicit arcs. */
class ArcsTest {

    @Test
    void containsWhatAnyOfItsRangesContains() {
        Random random = new Random(20261127);
        for (int round = 0; round < 200; round++) {
            List<Arc> ranges = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                long from = random.nextLong(Token.RING_SIZE);
                ranges.add(new Arc(from, random.nextLong(from + 1, Token.RING_SIZE + 1), 0));
            }
            Arcs arcs = Arcs.of(ranges);

            List<Integer> tokens = new ArrayList<>(List.of(0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE));
            ranges.forEach(range -> tokens.addAll(
                    List.of((int) range.from(), (int) (range.from() - 1), (int) range.to(), (int) (range.to() - 1))));
            for (int token : tokens) {
                assertThat(arcs.contains(token))
                        .as("%d in %s", Token.toUnsigned(token), arcs)
                        .isEqualTo(ranges.stream().anyMatch(range -> range.contains(token)));
            }
            assertThat(Arcs.parse(arcs.toString())).isEqualTo(arcs).hasSameHashCodeAs(arcs);
        }
    }

    @Test
    void rangesThatTouchBecomeOne() {
        Arcs arcs = Arcs.of(List.of(new Arc(5, 9, 1), new Arc(0, 5, 0), new Arc(20, 21, 0)));

        assertThat(arcs).hasToString("{[0,9),[20,21)}");
        assertThat(arcs.ranges()).isEqualTo(2);
        assertThat(arcs.share()).isEqualTo(10.0 / Token.RING_SIZE);
        assertThat(arcs.isEmpty()).isFalse();
    }

    @Test
    void knowsNoneAndAll() {
        assertThat(Arcs.parse("{}")).isEqualTo(Arcs.NONE);
        assertThat(Arcs.NONE.isEmpty()).isTrue();
        assertThat(Arcs.ALL.share()).isEqualTo(1);
        assertThat(Arcs.ALL.contains(-1)).isTrue();
        assertThat(Arcs.ALL).hasToString("{[0,4294967296)}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[1,2)",
                "{[1,2)",
                "{[2,1)}",
                "{[1,2],[3,4)}",
                "{[1,3)[5,6)}",
                "{[1,3),[2,6)}",
                "{[0,4294967297)}",
                "{,}",
                "{[1,2),}x"
            })
    void refusesWhatIsNoSetOfTokens(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Arcs.parse(text));
    }

    @Test
    void aRingOfItsOwnArcsOwnsTheSame() {
        Ring ring = Ring.of(List.of(new RingMember("a", 1), new RingMember("b", 2), new RingMember("c", 1)), 100);

        Ring same = Ring.ofArcs(ring.members(), 100, ring.arcs());

        assertThat(same.arcs()).isEqualTo(ring.arcs());
        assertThat(RingDiff.between(ring, same).changes()).isEmpty();
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            int token = random.nextInt();
            assertThat(same.ownerOf(token)).isEqualTo(ring.ownerOf(token));
        }
        assertThat(same).isNotEqualTo(ring).isEqualTo(Ring.ofArcs(ring.members(), 100, ring.arcs()));
    }

    @Test
    void aRingOfArcsGivesEachTokenOneOwner() {
        List<RingMember> members = List.of(new RingMember("a", 1), new RingMember("b", 1));
        long half = Token.RING_SIZE / 2;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.ofArcs(members, 1, List.of(new Arc(0, half, 0))))
                .withMessage("token 2147483648 has no owner");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Ring.ofArcs(members, 1, List.of(new Arc(0, half, 0), new Arc(half - 1, Token.RING_SIZE, 1))))
                .withMessageContaining("has two owners");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.ofArcs(members, 1, List.of(new Arc(1, Token.RING_SIZE, 1))))
                .withMessage("token 0 has no owner");
    }
}
