package io.pgring.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a topology says of tables that are to be gathered. */
class GatheringTest {
    private static final TableClass.Sharded KV = new TableClass.Sharded("public", "kv", "key", List.of("key"));
    private static final TableClass.Hiding SEEN = new TableClass.Hiding("app", "seen", "It reads kv.");
    private static final TableClass.Hiding STORED = new TableClass.Hiding("app", "stored", "It has read kv.");

    private static Topology topology(Gathering gathering) {
        ShardConfiguration shard = new ShardConfiguration(
                "s", "127.0.0.1", 5432, "postgres", "postgres", null, ShardTls.of(TlsMode.PREFER), 1);
        Catalog catalog = new Catalog(
                List.of(new ShardedTable(KV, KeyType.TEXT, Integer.MAX_VALUE)), List.of(SEEN, STORED), Map.of());
        return new Topology(1, List.of(new Shard(0, shard)), Ring.of(List.of(RingMember.of("s"))), catalog, gathering);
    }

    @Test
    void nothingIsGatheredBeforeTheShardsArePrepared() {
        Topology topology = topology(Gathering.unavailable("Not yet."));

        assertThat(topology.gatherUnavailable()).isEqualTo("Not yet.");
        assertThat(topology.gatherProblem(KV)).isEqualTo("Not yet.");
        assertThat(topology.find("app", "seen")).isEqualTo(SEEN);
    }

    @Test
    void aViewIsGatherableWhenItWasMadeOverAllRows() {
        Topology topology = topology(new Gathering(null, Map.of("app.stored", "It is stored."), Set.of("app.seen")));

        assertThat(topology.find("app", "seen")).isEqualTo(new TableClass.Hiding("app", "seen", "It reads kv.", true));
        assertThat(topology.find("app", "stored")).isEqualTo(STORED);
        assertThat(topology.gatherProblem(STORED)).isEqualTo("It is stored.");
        assertThat(topology.gatherProblem(KV)).isNull();
        assertThat(Topology.gatherName(KV)).isEqualTo("\"pgring_gather\".\"kv\"");
        assertThat(Topology.gatherName(SEEN)).isEqualTo("\"pgring_gather\".\"app.seen\"");
    }

    @Test
    void aTableCanBeRefused() {
        Topology topology = topology(new Gathering(null, Map.of("public.kv", "It has row security."), Set.of()));

        assertThat(topology.gatherUnavailable()).isNull();
        assertThat(topology.gatherProblem(KV)).isEqualTo("It has row security.");
    }

    @Test
    void theProxysOwnViewsAreNotForClients() {
        Topology topology = topology(new Gathering(null, Map.of(), Set.of()));

        assertThat(topology.find("pgring_visible", "kv")).isInstanceOf(TableClass.Hiding.class);
        assertThat(topology.find("pgring_gather", "kv")).matches(table -> !((TableClass.Hiding) table).gatherable());
    }
}
