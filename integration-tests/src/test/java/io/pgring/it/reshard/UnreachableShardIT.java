package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.hashring.Arcs;
import io.pgring.hashring.RingMember;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.gather.GatherObjects;
import io.pgring.proxy.reshard.PlanFigures;
import io.pgring.proxy.reshard.RingPlan;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.MovePhase;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyBarrier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A shard that can't be reached, or is frozen, holds up only what it must; and what is known of rows that nobody has counted. */
@ExtendWith(SharedServers.class)
class UnreachableShardIT {
    private final Servers shared;
    private final MovingServers servers;
    private final List<String> asked = new ArrayList<>();
    private final List<Long> patience = new ArrayList<>();

    UnreachableShardIT(Servers servers) throws SQLException {
        this.shared = servers;
        MovingRows.define(servers);
        this.servers = new MovingServers(servers, MovingRows.TABLES);
        MovingRows.fill(this.servers);
    }

    private Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException {
        asked.add(shard.name());
        patience.add(pool.connectMillisMax());
        if (shard.name().equals("shard-2")) {
            throw new SQLException("the server does not answer", "08001");
        }
        return MovingServers.open(shard, pool);
    }

    private static Move move(int source, int target, MovePhase phase) {
        return new Move(1, source, target, Arcs.parse("{[0,10)}"), phase);
    }

    private Topology moving(Move... moves) {
        Topology found = servers.topology();
        Placement now = new Placement(
                found.placement().version(), found.shards(), found.placement().ring(), List.of(moves));
        return new Topology(1, now, found.catalog(), Gathering.unavailable("The test does not gather."), List.of());
    }

    private boolean ensureVisible(Move... moves) throws SQLException {
        return new GatherObjects(this::open, PoolConfiguration.DEFAULT).ensureVisible(moving(moves));
    }

    @Test
    void aMoveOfOthersDoesNotWaitForIt() throws Exception {
        assertThat(ensureVisible(move(0, 1, MovePhase.PAUSED), move(1, 2, MovePhase.STARTED)))
                .isTrue();

        assertThat(asked).containsExactly("shard-0", "shard-1");
        assertThat(shared.value(
                        1,
                        "SELECT is_insertable_into FROM information_schema.tables"
                                + " WHERE table_schema = 'pgring_visible' AND table_name = 'items'"))
                .isEqualTo("YES");
    }

    @Test
    void itIsLookedAtWhenAMoveIsToComeAndAgainWhenRowsAreHidden() throws Exception {
        assertThat(ensureVisible(move(1, 2, MovePhase.STARTED))).isTrue();
        assertThat(asked).containsExactly("shard-1", "shard-2");

        assertThat(ensureVisible(move(1, 2, MovePhase.HIDDEN))).isFalse();
    }

    @Test
    void aBarrierOfAPauseDoesNotConnectForLongerThanThat() throws Exception {
        TopologyBarrier barrier = new TopologyBarrier(servers::topology, this::open, PoolConfiguration.DEFAULT);

        assertThat(barrier.await(1, servers.placement().shards().subList(0, 2), Duration.ofMillis(400)))
                .isTrue();
        assertThat(patience).containsExactly(1_000L, 1_000L);

        assertThat(barrier.await(1, servers.placement().shards().subList(0, 1), Duration.ofMinutes(2)))
                .isTrue();
        assertThat(patience).containsExactly(1_000L, 1_000L, 15_000L);
    }

    @Test
    void rowsThatWereNeverAnalysedAreEstimated() throws Exception {
        shared.executeEverywhere("ALTER TABLE items SET (autovacuum_enabled = off);"
                + " CREATE TABLE wide (owner bigint PRIMARY KEY, filler text) WITH (autovacuum_enabled = off);"
                + " INSERT INTO wide SELECT i, repeat('x', 1000) FROM generate_series(1, 5000) i");
        RingPlan plan = RingPlan.of(servers.placement(), List.of(RingMember.of("shard-0"), RingMember.of("shard-1")));

        long before = servers.figures(plan, false).stream()
                .mapToLong(PlanFigures::rows)
                .sum();
        MovingServers more = new MovingServers(shared, List.of(TableConfiguration.parse("wide", "owner")));
        long wide =
                more.figures(plan, false).stream().mapToLong(PlanFigures::rows).sum();

        assertThat(shared.value(2, "SELECT max(reltuples) FROM pg_class WHERE relname IN ('items', 'wide')"))
                .isEqualTo("-1");
        assertThat(before).isPositive();
        assertThat(wide).isBetween(4_500L, 5_500L);
    }
}
