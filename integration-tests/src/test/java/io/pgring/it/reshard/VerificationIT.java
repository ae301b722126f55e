package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pgring.hashring.RingMember;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.MovePoint;
import io.pgring.proxy.reshard.PlanFigures;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.reshard.Verification.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every row is looked at, and a plan says what it would move. */
@ExtendWith(SharedServers.class)
class VerificationIT {
    private final Servers shared;
    private final MovingServers servers;

    VerificationIT(Servers servers) throws SQLException {
        this.shared = servers;
        MovingRows.define(servers);
        this.servers = new MovingServers(servers, MovingRows.TABLES);
        MovingRows.fill(this.servers);
    }

    private RingPlan shardTwoLeaves() {
        return RingPlan.of(servers.placement(), List.of(RingMember.of("shard-0"), RingMember.of("shard-1")));
    }

    @Test
    void rowsOnTheirShardsAreCounted() throws Exception {
        List<Finding> findings = servers.verify();

        assertThat(findings).hasSize(6).allMatch(finding -> finding.misplaced() == 0 && finding.hidden() == 0);
        assertThat(findings.stream().mapToLong(Finding::rows).sum()).isEqualTo(60 * 3 + 301);
    }

    @Test
    void aRowOnAnotherShardIsFound() throws Exception {
        String owner = shared.value(1, "SELECT min(owner) FROM items");
        shared.execute(0, "INSERT INTO items (owner, part, slot, value) VALUES (" + owner + ", 7, 7, 7)");

        assertThat(servers.verify().stream().filter(finding -> finding.misplaced() > 0))
                .singleElement()
                .matches(finding -> finding.table().equals("public.items")
                        && finding.shard().equals("shard-0")
                        && finding.misplaced() == 1);
    }

    @Test
    void copiesOfAMoveAreNoRowsOnAWrongShard() throws Exception {
        servers.plan(shardTwoLeaves());
        List<Finding> during = new ArrayList<>();
        ControlPoint looks = (point, move) -> {
            if (point == MovePoint.VERIFYING) {
                during.addAll(servers.verify());
            }
        };

        servers.mover(looks).run();

        assertThat(during).allMatch(finding -> finding.misplaced() == 0).anyMatch(finding -> finding.hidden() > 0);
        assertThat(servers.verify()).allMatch(finding -> finding.misplaced() == 0 && finding.hidden() == 0);
    }

    @Test
    void aPlanSaysHowManyRowsItMoves() throws Exception {
        shared.executeEverywhere("ANALYZE");
        long there =
                Long.parseLong(shared.value(2, "SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM named)"));

        List<PlanFigures> counted = servers.figures(shardTwoLeaves(), true);
        List<PlanFigures> estimated = servers.figures(shardTwoLeaves(), false);

        assertThat(counted.stream().mapToLong(PlanFigures::rows).sum()).isEqualTo(there);
        assertThat(estimated.stream().mapToLong(PlanFigures::rows).sum()).isCloseTo(there, within(2L));
        assertThat(counted.stream().mapToDouble(PlanFigures::share).sum())
                .isCloseTo(servers.placement().ring().shareOf(2), within(1e-9));
    }
}
