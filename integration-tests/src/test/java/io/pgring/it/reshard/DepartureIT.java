package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.distribution.ShardFurnishing;
import io.pgring.proxy.reshard.Barrier;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.reshard.ShardAdministration;
import io.pgring.proxy.topology.TopologyBarrier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shard is taken away, and what becomes of its copies of reference tables. */
@ExtendWith(SharedServers.class)
class DepartureIT {
    private static final List<TableConfiguration> TABLES =
            List.of(TableConfiguration.parse("kv", "key"), new TableConfiguration("public", "countries", null));

    private final Servers shared;
    private final MovingServers servers;
    private final Barrier barrier;

    DepartureIT(Servers servers) throws SQLException {
        this.shared = servers;
        servers.executeEverywhere("""
                DROP SCHEMA IF EXISTS pgring CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;
                CREATE TABLE kv (key text PRIMARY KEY, value text);
                CREATE TABLE countries (code text PRIMARY KEY); INSERT INTO countries VALUES ('at'), ('nz')
                """);
        this.servers = new MovingServers(servers, TABLES);
        this.barrier =
                new TopologyBarrier(this.servers::topology, MovingServers::open, PoolConfiguration.DEFAULT)::await;
    }

    private ShardAdministration administration() {
        return new ShardAdministration(
                servers.configuration(),
                MovingServers::open,
                new ShardFurnishing(shared.shards().get(0), PoolConfiguration.DEFAULT, MovingServers::open));
    }

    private boolean isGone() throws SQLException {
        return "gone".equals(shared.value(0, "SELECT state FROM pgring.shards WHERE position = 2"));
    }

    @Test
    void itsCopiesAreDeleted() throws Exception {
        administration().remove("shard-2");

        assertThat(servers.moverWith(barrier).run()).isTrue();

        assertThat(isGone()).isTrue();
        assertThat(shared.value(2, "SELECT count(*) FROM countries")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shard-2", "again"})
    void theCopiesOfOneThatIsAShardAgainMeanwhileStay(String name) throws Exception {
        administration().remove("shard-2");
        ShardConfiguration there = shared.shards().get(2);
        ShardConfiguration again = new ShardConfiguration(
                name, there.host(), there.port(), there.database(), there.user(), there.password(), there.tls(), 1);
        List<String> joined = new ArrayList<>();

        boolean moved = servers.moverWith((version, shards, most) -> {
                    boolean done = barrier.await(version, shards, most);
                    if (isGone() && joined.isEmpty()) {
                        joined.add(name);
                        add(again);
                    }
                    return done;
                })
                .run();

        assertThat(moved).isTrue();
        assertThat(joined).containsExactly(name);
        assertThat(shared.value(2, "SELECT count(*) FROM countries")).isEqualTo("2");
    }

    private void add(ShardConfiguration shard) throws SQLException, InterruptedException {
        try {
            assertThat(administration().add(shard)).isNotEmpty();
        } catch (RingChangeException e) {
            throw new IllegalStateException(e.detail(), e);
        }
    }
}
