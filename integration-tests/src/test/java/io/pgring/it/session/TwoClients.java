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
    /** Longer than a slow machine needs to open one. */
    static final int PATIENT_MILLIS = 120_000;
    /** As long as a client waits where none becomes free. */
    static final int IMPATIENT_MILLIS = 2_000;

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
        cluster = Cluster.start(plan -> plan.beside(shared).threads(1).pool(twoConnections(PATIENT_MILLIS)));
        client = RawClient.connect(cluster.port());
        other = RawClient.connect(cluster.port());
    }

    /** @param waitMillisMax how long a client waits for a connection */
    static PoolConfiguration twoConnections(long waitMillisMax) {
        return new PoolConfiguration(2, 10_000, waitMillisMax, 15_000, 600_000, 3_600_000, 5_000, 200);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        other.close();
        Pins.go(cluster);
        cluster.close();
    }
}
