package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.proxy.config.PoolConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Far more clients than server connections, who ask again at once: each gets its own rows and its turn. */
@ExtendWith(SharedCluster.class)
class CrowdIT {
    private static final Logger LOG = LoggerFactory.getLogger(CrowdIT.class);
    private static final int CONNECTIONS = 4;
    private static final int FEW_CLIENTS = 100;
    private static final int ROUNDS = 20;
    private static final int MANY_CLIENTS = 500;
    private static final long SECONDS = Long.getLong("pgring.it.crowd.seconds", 60);
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());

    private final Cluster cluster;

    CrowdIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void everybodyGetsHisOwnRows() throws Exception {
        assertThat(work(1, FEW_CLIENTS, rounds -> rounds < ROUNDS).getMin()).isEqualTo(ROUNDS);
    }

    @Test
    @Tag("nightly")
    void nobodyStarves() throws Exception {
        for (int threads : List.of(1, 2)) {
            cluster.truncate();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            LongSummaryStatistics rounds = work(threads, MANY_CLIENTS, done -> System.nanoTime() < end);
            LOG.info("crowd threads={} seconds={} rounds={}", threads, SECONDS, rounds);
            assertThat(rounds.getMin()).as(rounds.toString()).isGreaterThanOrEqualTo((long) rounds.getAverage() / 3);
        }
    }

    /** @return how many rounds the clients have done */
    private LongSummaryStatistics work(int threads, int clients, LongPredicate goesOn) throws Exception {
        ExecutorService crowd = Executors.newFixedThreadPool(clients);
        try (Cluster narrow = Cluster.start(plan -> plan.beside(cluster)
                .threads(threads)
                .pool(new PoolConfiguration(CONNECTIONS, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200)))) {
            List<Future<Long>> working = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                working.add(crowd.submit(() -> work(narrow, number, goesOn)));
            }
            LongSummaryStatistics rounds = new LongSummaryStatistics();
            for (Future<Long> client : working) {
                rounds.accept(client.get());
            }
            return rounds;
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + SEED, e);
        } finally {
            crowd.shutdownNow();
        }
    }

    private static long work(Cluster narrow, int number, LongPredicate goesOn) throws Exception {
        try (Workload client = new Workload(narrow, number, SEED)) {
            while (goesOn.test(client.rounds())) {
                client.round();
                if (number == 0) {
                    assertFewConnections(narrow);
                }
            }
            return client.rounds();
        }
    }

    /** The servers' own count: connections carry the names of the clients that they serve. */
    private static void assertFewConnections(Cluster narrow) throws Exception {
        String count = narrow.servers()
                .value(1, "SELECT count(*) FROM pg_stat_activity WHERE application_name ~ '^client[0-9]$'");
        assertThat(Integer.parseInt(count)).isBetween(1, CONNECTIONS);
    }
}
