package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.pgring.hashring.RingMember;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.MovePoint;
import io.pgring.proxy.reshard.MoveState;
import io.pgring.proxy.reshard.RingPlan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody changes tables on one server while rows of them are moved, past the proxies. */
@ExtendWith(SharedServers.class)
class ChangedTablesIT {
    private static final Duration END = Duration.ofMinutes(2);

    private final Servers shared;
    private final MovingServers servers;
    private final MovingRows rows;

    ChangedTablesIT(Servers servers) throws SQLException {
        this.shared = servers;
        MovingRows.define(servers);
        this.servers = new MovingServers(servers, MovingRows.TABLES);
        this.rows = MovingRows.fill(this.servers);
    }

    /** The process ends here. */
    private static final class Crash extends Error {}

    /** What shard 2 gives to shard 0. */
    private JournalEntry planOneMove() throws SQLException {
        RingPlan plan = RingPlan.of(servers.placement(), List.of(RingMember.of("shard-0"), RingMember.of("shard-1")));
        return servers.plan(new RingPlan(plan.wanted(), List.of(plan.moves().get(0))))
                .get(0);
    }

    private ControlPoint crashesAfter(MovePoint wanted, String sql) {
        return (point, move) -> {
            if (point == wanted) {
                shared.execute(2, sql);
                throw new Crash();
            }
        };
    }

    private void moveAfter(MovePoint point, String sql) {
        assertThatThrownBy(() -> servers.mover(crashesAfter(point, sql)).run()).isInstanceOf(Crash.class);
        assertTimeoutPreemptively(END, () -> MovingServers.complete(servers.mover(ControlPoint.NONE)));
    }

    private String misplaced(int shard) throws SQLException {
        return shared.value(
                shard,
                "SELECT count(*) FROM named WHERE NOT hashtext(name)::bigint & 4294967295 <@ '"
                        + shared.value(0, "SELECT arcs FROM pgring.shards WHERE position = " + shard)
                        + "'::int8multirange");
    }

    @ParameterizedTest
    @CsvSource({
        "CHUNK_COPIED, DROP TABLE named",
        "CHUNK_COPIED, ALTER TABLE named DROP CONSTRAINT named_pkey",
        "FLIPPED, DROP TABLE named",
        "FLIPPED, ALTER TABLE named DROP CONSTRAINT named_pkey"
    })
    void aMoveOfATableThatIsNotWhatItWasEnds(MovePoint point, String sql) throws Exception {
        JournalEntry move = planOneMove();

        moveAfter(point, sql);

        assertThat(servers.leftovers()).isEmpty();
        assertThat(misplaced(0)).isEqualTo("0");
        JournalEntry after = servers.move(move.id());
        assertThat(after.state()).isEqualTo(point == MovePoint.FLIPPED ? MoveState.DONE : MoveState.ABORTED);
        if (point != MovePoint.FLIPPED) {
            assertThat(after.reason()).contains("table public.named");
        }
        if (!sql.startsWith("DROP")) {
            assertThat(rows.difference()).isEmpty();
        }
    }
}
