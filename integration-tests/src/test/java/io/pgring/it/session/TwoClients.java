package io.pgring.it.session;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.PoolConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two clients of a proxy that has two connections to each shard: what one leaves there the other may get. */
@ExtendWith(SharedCluster.class)
abstract class TwoClients {
    final Cluster shared;
    Cluster cluster;
    RawClient client;
    RawClient other;

    TwoClients(Cluster shared) {
        this.shared = shared;
    }

    @BeforeEach
    void start() throws Exception {
        shared.truncate();
        cluster = Cluster.start(plan -> plan.on(shared.servers())
                .threads(1)
                .pool(new PoolConfiguration(2, 10_000, 2_000, 15_000, 600_000, 3_600_000, 5_000, 200)));
        client = RawClient.connect(cluster.port());
        other = RawClient.connect(cluster.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        other.close();
        Pins.go(cluster);
        cluster.close();
    }
}
