package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.proxy.config.PoolConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A crowd of clients on few server connections: everyone gets his own rows, and afterwards all is as before. */
@ExtendWith(SharedCluster.class)
class ManyClientsIT {
    private static final int CLIENTS = 200;
    private static final int CONNECTIONS = 4;
    private static final long WORK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());
    private static final Pattern POOL =
            Pattern.compile("\"pool\":\\{\"open\":(\\d+),\"idle\":(\\d+),\"waiting\":(\\d+),\"kept\":0,\"max\":(\\d+)");

    private final Cluster cluster;

    ManyClientsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void eachOfManyClientsReadsItsOwnRows() throws Exception {
        try (Cluster narrow = Cluster.start(plan -> plan.beside(cluster)
                .threads(2)
                .pool(new PoolConfiguration(CONNECTIONS, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200)))) {
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            try {
                long end = System.nanoTime() + WORK_NANOS;
                List<Future<Long>> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    int number = i;
                    clients.add(threads.submit(() -> work(narrow, number, end)));
                }
                for (Future<Long> client : clients) {
                    assertThat(client.get()).as("seed %s", SEED).isPositive();
                }
            } finally {
                threads.shutdownNow();
            }
            Eventually.succeeds(() -> assertAllIdle(narrow));
            Eventually.succeeds(() -> assertServersIdle(narrow));
        }
    }

    private static long work(Cluster narrow, int number, long end) throws Exception {
        try (Workload client = new Workload(narrow, number, SEED)) {
            do {
                client.round();
            } while (System.nanoTime() < end);
            return client.rounds();
        }
    }

    /** Proxies ask the servers something of their own now and then, which is over soon. */
    private static void assertServersIdle(Cluster narrow) throws Exception {
        String busy = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                + " AND pid <> pg_backend_pid() AND state <> 'idle'";
        for (int shard = 0; shard < narrow.shardCount(); shard++) {
            assertThat(narrow.servers().value(shard, busy)).isEqualTo("0");
        }
    }

    private static void assertAllIdle(Cluster narrow) throws Exception {
        String stats = narrow.http().get("/stats").body();
        assertThat(stats).contains("\"connected\":0");
        Matcher pools = POOL.matcher(stats);
        for (int shard = 0; shard < narrow.shardCount(); shard++) {
            assertThat(pools.find()).as(stats).isTrue();
            assertThat(Integer.parseInt(pools.group(1))).isBetween(1, CONNECTIONS);
            assertThat(pools.group(2)).as("idle").isEqualTo(pools.group(1));
            assertThat(pools.group(3)).as("waiting").isEqualTo("0");
            assertThat(pools.group(4)).as("max").isEqualTo(Integer.toString(CONNECTIONS));
        }
    }
}
