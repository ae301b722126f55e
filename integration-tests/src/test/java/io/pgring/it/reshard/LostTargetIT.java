package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.hashring.RingMember;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.distribution.ShardFurnishing;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.MovePoint;
import io.pgring.proxy.reshard.MoveState;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.reshard.ShardAdministration;
import io.pgring.proxy.topology.Membership;
import io.pgring.proxy.topology.ShardAccess;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The target of a move is lost for good: if it owns no rows, it is taken away by force. */
@ExtendWith(SharedServers.class)
class LostTargetIT {
    private final Servers shared;
    private final MovingServers servers;
    private final MovingRows rows;

    LostTargetIT(Servers servers) throws SQLException {
        this.shared = servers;
        MovingRows.define(servers);
        this.servers = new MovingServers(servers, MovingRows.TABLES);
        this.rows = MovingRows.fill(this.servers);
    }

    /** The process ends here. */
    private static final class Crash extends Error {}

    private static ControlPoint crashesAt(MovePoint wanted) {
        return (point, move) -> {
            if (point == wanted) {
                throw new Crash();
            }
        };
    }

    private static List<RingMember> members(Integer... shards) {
        return Arrays.stream(shards)
                .map(shard -> RingMember.of("shard-" + shard))
                .toList();
    }

    /** No connection to a shard from now on. */
    private static ShardAccess without(String name) {
        return (shard, pool) -> {
            if (shard.name().equals(name)) {
                throw new SQLException("the server does not answer", "08001");
            }
            return MovingServers.open(shard, pool);
        };
    }

    private ShardAdministration administration(ShardAccess access) {
        return new ShardAdministration(
                servers.configuration(),
                access,
                new ShardFurnishing(shared.shards().get(0), PoolConfiguration.DEFAULT, access));
    }

    /** Moves of rows to shard 2, which has none. */
    private JournalEntry planMovesToNewShard() throws Exception {
        servers.plan(RingPlan.of(servers.placement(), members(0, 1)));
        MovingServers.complete(servers.mover(ControlPoint.NONE));
        servers.refresh();
        return servers.plan(RingPlan.of(servers.placement(), members(0, 1, 2))).get(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = MovePoint.class,
            names = {"CHECKED", "TABLE_CAPTURED", "CHUNK_COPIED", "PAUSED", "TARGET_OPENED"})
    void aTargetThatIsLostIsTakenAway(MovePoint point) throws Exception {
        JournalEntry move = planMovesToNewShard();
        assertThatThrownBy(() -> servers.mover(crashesAt(point)).run()).isInstanceOf(Crash.class);

        CompletableFuture<Void> moving =
                CompletableFuture.runAsync(() -> MovingServers.complete(servers.moverBy(without("shard-2"))));
        assertThat(administration(without("shard-2")).abort(null, true).forsaken())
                .containsExactly("shard-2");
        moving.join();

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.ABORTED);
        assertThat(shared.value(0, "SELECT count(*) FROM pgring.moves WHERE state NOT IN ('DONE', 'ABORTED')"))
                .isEqualTo("0");
        assertThat(shared.value(0, "SELECT state FROM pgring.shards WHERE name = 'shard-2'"))
                .isEqualTo("gone");
        for (int shard = 0; shard < 2; shard++) {
            assertThat(shared.value(shard, "SELECT isempty(arcs) FROM pgring.hidden"))
                    .isEqualTo("t");
            assertThat(shared.value(shard, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgring%'"))
                    .isEqualTo("0");
            shared.execute(shard, "UPDATE items SET value = value + 1");
        }
    }

    @Test
    void aTargetThatOwnsRowsIsNotTakenAway() throws Exception {
        servers.plan(RingPlan.of(servers.placement(), members(0, 1)));

        assertThatThrownBy(() -> administration(MovingServers::open).abort(null, true))
                .hasMessageContaining("can be reached");
        assertThatThrownBy(() -> administration(without("shard-1")).abort(null, true))
                .hasMessage("shard \"shard-1\" can't be reached, and owns rows");
        assertThat(servers.placement().membershipOf(servers.placement().shards().get(1)))
                .isEqualTo(Membership.MEMBER);

        MovingServers.complete(servers.mover(ControlPoint.NONE));
        assertThat(rows.difference()).isEmpty();
        assertThat(servers.leftovers()).isEmpty();
    }
}
