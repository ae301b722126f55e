package io.pgring.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopologyViewTest {
    private final TopologyView view = new TopologyView(topology());

    private static Topology topology() {
        ShardConfiguration shard = new ShardConfiguration(
                "s", "127.0.0.1", 5432, "postgres", "postgres", null, ShardTls.of(TlsMode.PREFER), 1);
        return new Topology(
                1,
                List.of(new Shard(0, shard)),
                Ring.of(List.of(RingMember.of("s"))),
                new Catalog(List.of(), List.of(), Map.of()),
                Gathering.unavailable("The test does not gather."));
    }

    @Test
    void whatWasPlannedBeforeAShardWentOnWithoutTheProxyIsNotDoneThere() {
        view.onSettled(4);

        assertThat(view.mayUse(4, 6)).isFalse();
        assertThat(view.mayUse(5, 6)).isFalse();
        assertThat(view.mayUse(6, 6)).isTrue();
        assertThat(view.mayUse(7, 6)).isTrue();
        assertThat(view.mayUse(3, 4)).as("it has been acknowledged").isTrue();
    }

    @Test
    void whatIsAcknowledgedStaysSo() {
        view.onSettled(6);
        view.onSettled(5);

        assertThat(view.mayUse(3, 6)).isTrue();
    }
}
