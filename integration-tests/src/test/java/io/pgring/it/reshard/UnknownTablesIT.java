package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.hashring.RingMember;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.MovePoint;
import io.pgring.proxy.reshard.MoveState;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.topology.ConfiguredTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proxies whose configuration files have not the same tables: no row is left behind. */
@ExtendWith(SharedServers.class)
class UnknownTablesIT {
    private static final List<TableConfiguration> OLD = List.of(TableConfiguration.parse("kv", "key"));
    private static final List<TableConfiguration> NEW = List.of(OLD.get(0), TableConfiguration.parse("events", "key"));

    private final Servers shared;
    private final MovingServers old;
    private final MovingServers current;

    UnknownTablesIT(Servers servers) throws SQLException {
        this.shared = servers;
        servers.executeEverywhere("""
                DROP SCHEMA IF EXISTS pgring CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;
                CREATE TABLE kv (key bigint PRIMARY KEY); CREATE TABLE events (key bigint PRIMARY KEY)
                """);
        this.old = new MovingServers(servers, OLD);
        this.current = new MovingServers(servers, NEW);
        for (int shard = 0; shard < 3; shard++) {
            String owned = "hashint8(i)::bigint & 4294967295 <@ '"
                    + servers.value(0, "SELECT arcs FROM pgring.shards WHERE position = " + shard)
                    + "'::int8multirange";
            servers.execute(shard, "INSERT INTO kv SELECT i FROM generate_series(1, 300) i WHERE " + owned);
            servers.execute(shard, "INSERT INTO events SELECT i FROM generate_series(1, 300) i WHERE " + owned);
        }
    }

    /** The process ends here. */
    private static final class Crash extends Error {}

    private JournalEntry planOneMove() throws SQLException {
        RingPlan plan = RingPlan.of(old.placement(), List.of(RingMember.of("shard-0"), RingMember.of("shard-1")));
        return old.plan(new RingPlan(plan.wanted(), List.of(plan.moves().get(0))))
                .get(0);
    }

    private void configure(List<TableConfiguration> tables) throws SQLException {
        try (Connection home = shared.connect(0)) {
            ConfiguredTables.write(home, tables);
        }
    }

    private void proxyWith(List<TableConfiguration> tables) throws SQLException {
        shared.execute(
                0,
                "INSERT INTO pgring.proxies (id, known, topology, configured, heartbeat) VALUES (gen_random_uuid(), '', 1000000, '"
                        + ConfiguredTables.digest(tables) + "', now() + interval '1 hour')");
    }

    private void assertMovedByOneThatKnows(JournalEntry move) throws Exception {
        MovingServers.complete(current.mover(ControlPoint.NONE));
        assertThat(current.move(move.id()).state()).isEqualTo(MoveState.DONE);
        assertThat(current.leftovers()).isEmpty();
        assertThat(current.verify())
                .allSatisfy(finding -> assertThat(finding.misplaced()).isZero());
        long rows = 0;
        for (int shard = 0; shard < 3; shard++) {
            rows += Long.parseLong(shared.value(shard, "SELECT count(*) FROM events"));
        }
        assertThat(rows).isEqualTo(300);
    }

    @Test
    void aMoverThatDoesNotKnowATableOfTheCatalogLeavesTheMoveToOthers() throws Exception {
        configure(NEW);
        JournalEntry move = planOneMove();

        assertThatThrownBy(() -> MovingServers.complete(old.mover(ControlPoint.NONE)))
                .hasMessageContaining("does not know table public.events");

        assertThat(old.move(move.id()).state()).isEqualTo(MoveState.PLANNED);
        assertThat(old.move(move.id()).reason()).contains("does not know table public.events");
        assertMovedByOneThatKnows(move);
    }

    @ParameterizedTest
    @EnumSource(
            value = MovePoint.class,
            names = {"CHUNK_COPIED", "CATCHING_UP", "FLIPPED", "BATCH_DELETED"})
    void aMoverThatKnowsLessThanTheOneBeforeDoesNotGoOn(MovePoint point) throws Exception {
        JournalEntry move = planOneMove();
        ControlPoint crash = (reached, entry) -> {
            if (reached == point) {
                throw new Crash();
            }
        };
        assertThatThrownBy(() -> current.mover(crash).run()).isInstanceOf(Crash.class);
        MoveState before = current.move(move.id()).state();

        assertThatThrownBy(() -> MovingServers.complete(old.mover(ControlPoint.NONE)))
                .hasMessageContaining("does not know table public.events, of which rows are being moved");

        assertThat(old.move(move.id()).state()).isIn(before, MoveState.CLEANING);
        assertMovedByOneThatKnows(move);
    }

    @Test
    void nothingIsTakenBackByAMoverThatKnowsLess() throws Exception {
        JournalEntry move = planOneMove();
        ControlPoint crash = (reached, entry) -> {
            if (reached == MovePoint.CATCHING_UP) {
                throw new Crash();
            }
        };
        assertThatThrownBy(() -> current.mover(crash).run()).isInstanceOf(Crash.class);
        assertThat(current.abort(move.id())).isTrue();

        assertThatThrownBy(() -> MovingServers.complete(old.mover(ControlPoint.NONE)))
                .hasMessageContaining("does not know table public.events");
        assertThat(old.move(move.id()).reason())
                .startsWith("as the test wants it; it can't be taken back yet: this proxy does not know");

        MovingServers.complete(current.mover(ControlPoint.NONE));
        assertThat(current.move(move.id()).state()).isEqualTo(MoveState.ABORTED);
        assertThat(current.move(move.id()).reason()).isEqualTo("as the test wants it");
        assertThat(current.leftovers()).isEmpty();
        assertThat(current.verify())
                .allSatisfy(finding -> assertThat(finding.misplaced()).isZero());
    }

    @Test
    void arcsDoNotChangeHandsWhileAProxyThatIsAliveHasOtherTables() throws Exception {
        JournalEntry move = planOneMove();
        proxyWith(NEW);
        ControlPoint another = (reached, entry) -> {
            if (reached == MovePoint.PAUSED) {
                proxyWith(OLD);
            }
        };

        assertThatThrownBy(() -> current.mover(another).run())
                .hasMessageContaining("the proxies that are alive don't have the same tables");

        assertThat(current.move(move.id()).state()).isEqualTo(MoveState.VERIFYING);
        shared.execute(0, "DELETE FROM pgring.proxies");
        proxyWith(NEW);
        assertMovedByOneThatKnows(move);
    }
}
