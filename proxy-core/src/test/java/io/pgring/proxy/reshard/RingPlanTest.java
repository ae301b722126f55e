package io.pgring.proxy.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pgring.hashring.Arc;
import io.pgring.hashring.Arcs;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.hashring.Token;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.MovePhase;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RingPlanTest {
    private static final List<Shard> SHARDS = IntStream.range(0, 4)
            .mapToObj(i -> new Shard(
                    i,
                    new ShardConfiguration(
                            "shard-" + i,
                            "localhost",
                            5432,
                            "postgres",
                            "postgres",
                            null,
                            ShardTls.of(TlsMode.DISABLE),
                            1)))
            .toList();

    private static List<RingMember> members(int... weights) {
        return IntStream.range(0, weights.length)
                .filter(i -> weights[i] > 0)
                .mapToObj(i -> new RingMember("shard-" + i, weights[i]))
                .toList();
    }

    private static Placement placement(int... weights) {
        return Placement.configured(SHARDS, Ring.of(members(weights)));
    }

    /** Who owns a token when all moves are made. */
    private static String ownerAfter(Placement placement, RingPlan plan, int token) {
        return plan.moves().stream()
                .filter(move -> move.arcs().contains(token))
                .peek(move -> assertThat(move.source()).isEqualTo(owner(placement.ring(), token)))
                .map(PlannedMove::target)
                .reduce((one, other) -> {
                    throw new AssertionError("a token is moved twice");
                })
                .orElse(owner(placement.ring(), token));
    }

    private static String owner(Ring ring, int token) {
        return ring.members().get(ring.ownerOf(token)).name();
    }

    private static void assertLeadsThere(Placement placement, RingPlan plan) {
        new Random(7)
                .ints(20_000)
                .forEach(
                        token -> assertThat(ownerAfter(placement, plan, token)).isEqualTo(owner(plan.wanted(), token)));
    }

    @Test
    void aNewShardTakesItsShareFromEachOther() {
        Placement placement = placement(1, 1, 1);

        RingPlan plan = RingPlan.of(placement, members(1, 1, 1, 1));

        assertThat(plan.moves()).extracting(PlannedMove::source).containsExactly("shard-0", "shard-1", "shard-2");
        assertThat(plan.moves()).extracting(PlannedMove::target).containsOnly("shard-3");
        assertThat(plan.shareMoved()).isCloseTo(0.25, within(0.03));
        assertLeadsThere(placement, plan);
    }

    @Test
    void aShardThatLeavesGivesAwayAllItHas() {
        Placement placement = placement(1, 1, 1, 1);

        RingPlan plan = RingPlan.of(placement, members(1, 1, 0, 1));

        assertThat(plan.moves()).extracting(PlannedMove::source).containsOnly("shard-2");
        assertThat(plan.moves()).extracting(PlannedMove::target).containsExactly("shard-0", "shard-1", "shard-3");
        assertThat(plan.shareMoved()).isCloseTo(placement.ring().shareOf(2), within(1e-9));
        assertLeadsThere(placement, plan);
    }

    @Test
    void aGreaterWeightTakesFromTheOthersAlone() {
        Placement placement = placement(1, 1);

        RingPlan plan = RingPlan.of(placement, members(3, 1));

        assertThat(plan.moves()).singleElement().matches(move -> move.target().equals("shard-0"));
        assertThat(plan.shareMoved()).isCloseTo(0.25, within(0.03));
        assertLeadsThere(placement, plan);
    }

    @Test
    void thereIsNothingToDoForTheRingOfNow() {
        assertThat(RingPlan.of(placement(1, 2), members(1, 2)).moves()).isEmpty();
    }

    @Test
    void whatWasGivenUpHalfwayIsTakenBackOrFinished() {
        Placement before = placement(1, 1, 1);
        RingPlan plan = RingPlan.of(before, members(1, 1, 1, 1));
        List<Arc> arcs = plan.wanted().arcs().stream().toList();
        Arcs first = plan.moves().get(0).arcs();
        Ring halfway = Ring.ofArcs(
                members(1, 1, 1, 1), before.ring().pointsPerWeight(), splitArcs(before.ring(), arcs, first));
        Placement placement = Placement.configured(SHARDS, halfway);

        RingPlan on = RingPlan.of(placement, members(1, 1, 1, 1));
        RingPlan back = RingPlan.of(placement, members(1, 1, 1));

        assertThat(on.moves()).isEqualTo(plan.moves().subList(1, 3));
        assertThat(back.moves()).containsExactly(new PlannedMove("shard-3", "shard-0", first));
    }

    /** The old ring, but that the arcs belong to the last member. */
    private static List<Arc> splitArcs(Ring old, List<Arc> finer, Arcs moved) {
        return finer.stream()
                .map(arc -> new Arc(
                        arc.from(), arc.to(), moved.contains((int) arc.from()) ? 3 : old.ownerOf((int) (arc.to() - 1))))
                .toList();
    }

    @Test
    void twoPlansAtOnceAreOneTooMany() {
        Placement placement = new Placement(
                3,
                SHARDS,
                Ring.of(members(1, 1)),
                List.of(new Move(7, 0, 1, Arcs.of(List.of(new Arc(0, Token.RING_SIZE, 0))), MovePhase.HIDDEN)));

        assertThatThrownBy(() -> RingPlan.of(placement, members(1, 1, 1)))
                .hasMessage("move 7 from shard \"shard-0\" to shard \"shard-1\" is under way");
    }

    @Test
    void aShardMustBeThere() {
        assertThatThrownBy(() -> RingPlan.of(placement(1, 1), List.of(RingMember.of("shard-9"))))
                .hasMessage("there is no shard \"shard-9\"");
    }
}
