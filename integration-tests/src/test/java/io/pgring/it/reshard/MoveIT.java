package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.hashring.RingMember;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.MovePoint;
import io.pgring.proxy.reshard.MoveState;
import io.pgring.proxy.reshard.MoverSettings;
import io.pgring.proxy.reshard.PlannedMove;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.topology.ShardFence;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows move while clients write, whatever breaks on the way: at some points in every build, at all of them in the profile nightly. */
@ExtendWith(SharedServers.class)
class MoveIT {
    /** Of a pause that something holds up. */
    private static final int ATTEMPTS_MAX = 10;

    private final Servers shared;
    private final MovingServers servers;
    private final MovingRows rows;

    MoveIT(Servers servers) throws SQLException {
        this.shared = servers;
        MovingRows.define(servers);
        this.servers = new MovingServers(servers, MovingRows.TABLES);
        this.rows = MovingRows.fill(this.servers);
    }

    /** The process ends here. */
    private static final class Crash extends Error {}

    private static List<RingMember> members(int... shards) {
        List<RingMember> members = new ArrayList<>();
        for (int shard : shards) {
            members.add(RingMember.of("shard-" + shard));
        }
        return members;
    }

    /** What shard-2 would give to shard-0, if it left. */
    private JournalEntry planOneMove() throws SQLException {
        RingPlan plan = RingPlan.of(servers.placement(), members(0, 1));
        PlannedMove first = plan.moves().get(0);
        return servers.plan(new RingPlan(plan.wanted(), List.of(first))).get(0);
    }

    private void assertAllIsRight() throws SQLException {
        assertThat(rows.difference()).isEmpty();
        assertThat(servers.leftovers()).isEmpty();
    }

    private static ControlPoint at(MovePoint wanted, MovingRows.Task task) {
        Set<MovePoint> reached = EnumSet.noneOf(MovePoint.class);
        return (point, move) -> {
            if (point == wanted && reached.add(point)) {
                try {
                    task.run();
                } catch (SQLException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    @Test
    void aShardLeavesTheRingAndComesBackWhileClientsWrite() throws Exception {
        rows.whileClientsWrite(() -> {
            servers.plan(RingPlan.of(servers.placement(), members(0, 1)));
            MovingServers.complete(servers.mover(ControlPoint.NONE));
            assertThat(shared.value(2, "SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM named)"))
                    .isEqualTo("0");
            servers.refresh();
            assertThat(servers.placement().moves()).isEmpty();

            servers.plan(RingPlan.of(servers.placement(), members(0, 1, 2)));
            MovingServers.complete(servers.mover(ControlPoint.NONE));
        });

        assertAllIsRight();
        assertThat(shared.value(2, "SELECT count(*) > 10 FROM named")).isEqualTo("t");
        assertThat(
                        shared.value(
                                0,
                                "SELECT count(*) FROM pgring.moves WHERE state = 'DONE' AND rows_copied > 0"
                                        + " AND rows_deleted > 0 AND bytes_copied > 0 AND pause_micros_max > 0 AND ended >= started"))
                .isEqualTo("4");
        assertThat(shared.value(0, "SELECT count(*) FROM items") + shared.value(1, "SELECT count(*) FROM items"))
                .isNotEqualTo("00");
    }

    private static final Set<MovePoint> CRASHES = EnumSet.of(
            MovePoint.CHECKED,
            MovePoint.TABLE_CAPTURED,
            MovePoint.CHUNK_COPIED,
            MovePoint.TARGET_DRAINED,
            MovePoint.PAUSED_ACKNOWLEDGED,
            MovePoint.SOURCE_CLOSED,
            MovePoint.TARGET_OPENED,
            MovePoint.FLIPPED,
            MovePoint.BATCH_DELETED);

    static Set<MovePoint> crashes() {
        return CRASHES;
    }

    static Set<MovePoint> otherCrashes() {
        return EnumSet.complementOf(EnumSet.copyOf(CRASHES));
    }

    @ParameterizedTest
    @MethodSource("crashes")
    void anotherMoverTakesOverAfterACrash(MovePoint point) throws Exception {
        crash(point);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("otherCrashes")
    void anotherMoverTakesOverAfterACrashAnywhere(MovePoint point) throws Exception {
        crash(point);
    }

    private void crash(MovePoint point) throws Exception {
        JournalEntry move = planOneMove();

        rows.whileClientsWrite(() -> {
            long before = rows.written();
            assertThatThrownBy(() -> servers.mover(at(point, () -> {
                                throw new Crash();
                            }))
                            .run())
                    .isInstanceOf(Crash.class);
            servers.refresh();
            assertThat(rows.written()).isGreaterThanOrEqualTo(before);
            MovingServers.complete(servers.mover(ControlPoint.NONE));
        });

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.DONE);
        assertAllIsRight();
    }

    @ParameterizedTest
    @EnumSource(
            value = MovePoint.class,
            names = {"CHUNK_COPIED", "LOCKED", "SOURCE_CLOSED"})
    void aMoverThatWakesUpAfterAnotherHasTakenOverChangesNothing(MovePoint point) throws Exception {
        wakeUp(point);
    }

    @Tag("nightly")
    @ParameterizedTest
    @EnumSource(
            value = MovePoint.class,
            names = {
                "CHECKED",
                "TABLE_CAPTURED",
                "TARGET_DRAINED",
                "CHUNK_VERIFIED",
                "DRAINED",
                "TARGET_OPENED",
                "BATCH_DELETED"
            })
    void aMoverThatWakesUpAnywhereChangesNothing(MovePoint point) throws Exception {
        wakeUp(point);
    }

    private void wakeUp(MovePoint point) throws Exception {
        JournalEntry move = planOneMove();
        AtomicReference<String> after = new AtomicReference<>("");

        rows.whileClientsWrite(() -> {
            // Frozen, as the other mover sees it: its session on the home shard is ended.
            ControlPoint frozen = at(point, () -> {
                shared.value(
                        0,
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
                                + " WHERE locktype = 'advisory' AND objsubid = 1 AND objid::bigint = 1919512173");
                MovingServers.complete(servers.mover(ControlPoint.NONE));
                after.set(shared.value(0, "SELECT string_agg(m::text, ' ') FROM pgring.moves m"));
            });
            assertThatThrownBy(() -> servers.mover(frozen).run()).isInstanceOf(SQLException.class);
        });

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.DONE);
        assertThat(shared.value(0, "SELECT string_agg(m::text, ' ') FROM pgring.moves m"))
                .isEqualTo(after.get());
        assertAllIsRight();
    }

    @ParameterizedTest
    @EnumSource(
            value = MovePoint.class,
            names = {"HIDDEN", "CHUNK_COPIED", "CHUNK_VERIFIED"})
    void aMoveThatIsToldToAbortLeavesNothingBehind(MovePoint point) throws Exception {
        abort(point);
    }

    @Tag("nightly")
    @ParameterizedTest
    @EnumSource(
            value = MovePoint.class,
            names = {"TAKEN", "HIDDEN_ACKNOWLEDGED", "TABLE_CAPTURED", "CATCHING_UP"})
    void aMoveThatIsToldToAbortAnywhereLeavesNothingBehind(MovePoint point) throws Exception {
        abort(point);
    }

    private void abort(MovePoint point) throws Exception {
        JournalEntry move = planOneMove();
        String before = shared.value(0, "SELECT string_agg(arcs::text, ' ' ORDER BY name) FROM pgring.shards");

        rows.whileClientsWrite(() -> servers.mover(
                        at(point, () -> assertThat(servers.abort(move.id())).isTrue()))
                .run());

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.ABORTED);
        assertThat(shared.value(0, "SELECT string_agg(arcs::text, ' ' ORDER BY name) FROM pgring.shards"))
                .isEqualTo(before);
        assertAllIsRight();
    }

    @Test
    void afterTheFlipThereIsNoWayBack() throws Exception {
        JournalEntry move = planOneMove();

        servers.mover(at(
                        MovePoint.FLIPPED,
                        () -> assertThat(servers.abort(move.id())).isFalse()))
                .run();

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.DONE);
    }

    @Test
    void writesThatAreNotCapturedAreFoundOut() throws Exception {
        JournalEntry move = planOneMove();
        ControlPoint blind = at(
                MovePoint.COPYING,
                () -> shared.execute(
                        2,
                        "SELECT 1; ALTER TABLE items DISABLE TRIGGER pgring_capture_" + move.id()
                                + "; ALTER TABLE named DISABLE TRIGGER pgring_capture_" + move.id()));
        ControlPoint writes = at(
                MovePoint.CATCHING_UP,
                () -> shared.execute(
                        2,
                        "UPDATE items SET value = value + 1 WHERE hashint8(owner)::bigint & 4294967295 <@ '"
                                + move.arcs() + "'::int8multirange"));

        servers.mover((point, entry) -> {
                    blind.reach(point, entry);
                    writes.reach(point, entry);
                })
                .run();

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.ABORTED);
        assertThat(servers.move(move.id()).reason()).contains("are not those of shard");
        assertThat(servers.leftovers()).isEmpty();
    }

    private static long heldUp(List<String> reasons) {
        return reasons.stream()
                .filter(reason -> reason.contains("has held up the pause"))
                .count();
    }

    @Test
    void aPreparedTransactionHoldsUpTheMoveAndNotTheClients() throws Exception {
        JournalEntry move = planOneMove();
        String owner = shared.value(
                2,
                "SELECT min(owner) FROM items WHERE hashint8(owner)::bigint & 4294967295 <@ '" + move.arcs()
                        + "'::int8multirange");
        List<String> reasons = new ArrayList<>();
        AtomicBoolean committed = new AtomicBoolean();
        MoverSettings hasty = new MoverSettings(
                60,
                50,
                0,
                1,
                500,
                Duration.ofMillis(300),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofMillis(50),
                Duration.ofSeconds(15));
        ControlPoint prepares = at(MovePoint.COPYING, () -> {
            try (Connection client = shared.connect(2)) {
                Sql.execute(
                        client,
                        "BEGIN; UPDATE items SET value = 4711 WHERE owner = " + owner
                                + "; PREPARE TRANSACTION 'pgring:test'");
            }
        });

        servers.mover(
                        (point, entry) -> {
                            prepares.reach(point, entry);
                            if (point == MovePoint.VERIFYING && entry.reason() != null) {
                                reasons.add(entry.reason());
                                boolean enough = heldUp(reasons) == 2 || reasons.size() == ATTEMPTS_MAX;
                                if (enough && committed.compareAndSet(false, true)) {
                                    shared.execute(2, "COMMIT PREPARED 'pgring:test'");
                                }
                            }
                        },
                        hasty)
                .run();

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.DONE);
        // One may be that a server was silent, when the machine stood still.
        assertThat(heldUp(reasons)).as(reasons.toString()).isGreaterThanOrEqualTo(2);
        assertThat(shared.value(0, "SELECT bool_and(value = 4711) AND count(*) > 0 FROM items WHERE owner = " + owner))
                .isEqualTo("t");
        assertThat(servers.leftovers()).isEmpty();
    }

    @Test
    void theSourceRefusesWhatWouldBeLost() throws Exception {
        JournalEntry move = planOneMove();
        String moved = "hashint8(owner)::bigint & 4294967295 <@ '" + move.arcs() + "'::int8multirange";
        List<String> states = new ArrayList<>();

        servers.mover((point, entry) -> {
                    if (point == MovePoint.CHUNK_COPIED) {
                        states.add(state("TRUNCATE items"));
                        states.add(state("TRUNCATE named_1"));
                    } else if (point == MovePoint.FLIPPED) {
                        states.add(state(
                                "SET session_replication_role = replica; UPDATE items SET value = 0 WHERE " + moved));
                        states.add(state("DELETE FROM items WHERE " + moved));
                        states.add(state("UPDATE items SET value = 0 WHERE NOT " + moved));
                    }
                })
                .run();

        assertThat(states.stream().distinct()).containsExactlyInAnyOrder("55006", "55000", "00000");
        assertThat(states.subList(states.size() - 3, states.size())).containsExactly("55000", "55000", "00000");
    }

    private String state(String sql) {
        try {
            shared.execute(2, sql);
            return "00000";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    static Stream<List<String>> obstacles() {
        return Stream.of(
                List.of("ALTER TABLE items DROP CONSTRAINT items_pkey", "no primary key"),
                List.of("ALTER TABLE items ADD extra int", "is defined otherwise"),
                List.of("CREATE UNIQUE INDEX ON items (owner, value)", "is defined otherwise"));
    }

    @ParameterizedTest
    @MethodSource("obstacles")
    void tablesThatCanNotBeMovedStayWhereTheyAre(List<String> obstacle) throws Exception {
        JournalEntry move = planOneMove();
        shared.execute(0, obstacle.get(0));

        servers.mover(ControlPoint.NONE).run();

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.ABORTED);
        assertThat(servers.move(move.id()).reason()).contains(obstacle.get(1));
        assertAllIsRight();
    }

    @Test
    void aShardThatIsNoLongerToLeaveKeepsItsReferenceTables() throws Exception {
        servers.plan(RingPlan.of(servers.placement(), members(0, 1)));
        MovingServers.complete(servers.mover(ControlPoint.NONE));
        shared.executeEverywhere("CREATE TABLE countries (code text PRIMARY KEY); INSERT INTO countries VALUES ('ch')");
        List<TableConfiguration> tables = new ArrayList<>(MovingRows.TABLES);
        tables.add(TableConfiguration.parseReference("countries"));
        AtomicInteger opened = new AtomicInteger();
        shared.execute(0, "UPDATE pgring.shards SET state = 'leaving' WHERE name = 'shard-2'");

        new MovingServers(shared, tables)
                .moverBy((shard, pool) -> {
                    boolean aboutToLeave = shard.name().equals("shard-2") && opened.incrementAndGet() == 2;
                    if (aboutToLeave) {
                        shared.execute(0, "UPDATE pgring.shards SET state = 'member' WHERE name = 'shard-2'");
                    }
                    return MovingServers.open(shard, pool);
                })
                .run();

        assertThat(opened).hasValue(2);
        assertThat(shared.value(2, "SELECT count(*) FROM countries")).isEqualTo("1");
    }

    /** To shard 2. */
    private Connection connect(String role) throws SQLException {
        ShardConfiguration shard = shared.shards().get(2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + shard.host() + ":" + shard.port() + "/" + shard.database(), role, "");
    }

    @Test
    void sessionsThatTheMoverMayNotEndAreFoundBeforeRowsAreMoved() throws Exception {
        JournalEntry move = planOneMove();
        String owner = shared.shards().get(2).user();
        shared.execute(2, "CREATE ROLE carrier LOGIN; CREATE ROLE someone LOGIN; GRANT " + owner + " TO carrier");
        try (Connection client = connect("someone");
                Connection carrier = connect("carrier")) {
            Sql.execute(client, "SELECT pgring.attach('" + UUID.randomUUID() + "', 1)");
            servers.moverBy((shard, pool) ->
                            shard.name().equals("shard-2") ? connect("carrier") : MovingServers.open(shard, pool))
                    .run();

            String missing =
                    "role carrier may not end the sessions of role someone: GRANT pg_signal_backend TO carrier";
            assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.ABORTED);
            assertThat(servers.move(move.id()).reason()).isEqualTo("on shard \"shard-2\" " + missing);
            assertThatThrownBy(() -> ShardFence.expel(carrier, 0, List.of())).hasMessage(missing);
            assertThat(Sql.value(client, "SELECT 1")).isEqualTo("1");

            shared.execute(2, "GRANT pg_signal_backend TO carrier");
            Eventually.holds("it is gone", () -> ShardFence.expel(carrier, 0, List.of()) == 0);
        } finally {
            shared.execute(2, "DROP ROLE carrier; DROP ROLE someone");
        }
        assertAllIsRight();
    }

    @Test
    void rowsThatAreInTheWayAreNotTakenForMovedOnes() throws Exception {
        JournalEntry move = planOneMove();
        String owner = shared.value(
                2,
                "SELECT min(owner) FROM items WHERE hashint8(owner)::bigint & 4294967295 <@ '" + move.arcs()
                        + "'::int8multirange");
        shared.execute(0, "INSERT INTO items (owner, part, slot, value) VALUES (" + owner + ", 99, 99, 99)");

        servers.mover(ControlPoint.NONE).run();

        assertThat(servers.move(move.id()).state()).isEqualTo(MoveState.ABORTED);
        assertThat(shared.value(0, "SELECT count(*) FROM items WHERE part = 99"))
                .isEqualTo("1");
        assertThat(servers.leftovers()).isEmpty();
    }
}
