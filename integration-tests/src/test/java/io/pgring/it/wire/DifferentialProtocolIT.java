package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.proxy.config.PoolConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random scripts of messages are answered by the proxy as one PostgreSQL answers them, message by message, while others use the same
 * two server connections per shard: two clients with work of their own, and other scripts.
 */
class DifferentialProtocolIT {
    private static final int SCRIPTS = Integer.getInteger("pgring.it.scripts", 5_000);
    /** The same in every build; other scripts with -Dpgring.it.seed=... */
    private static final long SEED = Long.getLong("pgring.it.seed", 20261122);

    /** Only this one. */
    private static final int SCRIPT = Integer.getInteger("pgring.it.script", -1);

    private static final int DIFFERENCES_MAX = Integer.getInteger("pgring.it.differences", 1);
    /** Each may hold one connection to a shard and wait for one to another: with three of them somebody gets on. */
    private static final int WORKERS = 3;

    private static Cluster cluster;
    private static Servers alone;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(plan -> plan.table("events", "id", StatementChoice.EVENTS)
                .reference("ref", StatementChoice.REFERENCE)
                .everywhere(StatementChoice.HOME_TABLE)
                .threads(1)
                .pool(new PoolConfiguration(2, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 5)));
        alone = Servers.running(1);
        alone.execute(
                0,
                String.join(
                        ";",
                        StatementChoice.KV,
                        StatementChoice.EVENTS,
                        StatementChoice.REFERENCE,
                        StatementChoice.HOME_TABLE));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        alone.close();
    }

    @Test
    void randomScriptsAreAnsweredAsByOneServer() throws Exception {
        ScriptComparison comparison = new ScriptComparison(SEED, cluster, alone);
        List<String> differences = new CopyOnWriteArrayList<>();
        AtomicInteger next = new AtomicInteger(Math.max(0, SCRIPT));
        int end = SCRIPT < 0 ? SCRIPTS : SCRIPT + 1;
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        NoiseClients noise = new NoiseClients(cluster);
        try (noise) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(threads.submit(() -> {
                    for (int number = next.getAndIncrement();
                            number < end && differences.size() < DIFFERENCES_MAX;
                            number = next.getAndIncrement()) {
                        String difference = comparison.compare(number);
                        if (difference != null) {
                            differences.add(difference);
                            System.out.println(difference);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } finally {
            threads.shutdownNow();
        }
        int refused = comparison.leeways().getOrDefault(Leeway.REFUSED, 0);
        System.out.println("seed " + SEED + ": " + Math.min(next.get(), end) + " scripts, " + comparison.leeways()
                + ", refused: " + comparison.refusals());
        assertThat(differences).as("seed %s", SEED).isEmpty();
        assertThat(refused).isLessThan(SCRIPTS / 5);
        assertThat(noise.complaints()).as("seed %s", SEED).isEmpty();
    }
}
