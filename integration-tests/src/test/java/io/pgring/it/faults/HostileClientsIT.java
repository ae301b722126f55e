package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that send rubbish, or nothing, harm neither the proxy nor those who work beside them; no buffer is lost on them. */
@ExtendWith(SharedCluster.class)
class HostileClientsIT {
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());
    private static final long SECONDS = Long.getLong("pgring.it.fuzzSeconds", 12);
    private static final int HALF_OPEN = 400;
    private static final int HONEST = 4;
    private static final int HOSTILE = 3;

    private final Cluster cluster;
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

    HostileClientsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void watchForLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + " " + records));
    }

    @AfterEach
    void watchNoLonger() {
        ByteBufUtil.setLeakListener((type, records) -> {});
        ResourceLeakDetector.setLevel(before);
    }

    /** For a while, as long as {@code pgring.it.fuzzSeconds} says. */
    @Test
    void honestClientsNoticeNothing() throws Exception {
        Limits limits = new Limits(10_000, 1 << 20, 60_000, 1 << 20, 5_000, 10_000, 16 << 20);
        PoolConfiguration pool = new PoolConfiguration(3, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 20);
        System.out.println("seed " + SEED + ": hostile clients for " + SECONDS + " s");
        try (LoggedErrors logged = new LoggedErrors();
                Cluster attacked = Cluster.start(
                        plan -> plan.beside(cluster).threads(1).pool(pool).limits(limits))) {
            ExecutorService threads = Executors.newFixedThreadPool(HONEST + HOSTILE);
            List<RawClient> silent = new ArrayList<>();
            try {
                for (int i = 0; i < HALF_OPEN; i++) {
                    silent.add(RawClient.open(attacked.port()));
                    if (i % 2 == 0) {
                        silent.get(i).sendBytes(new byte[] {0, 0});
                    }
                }
                List<Future<Long>> honest = new ArrayList<>();
                for (int i = 0; i < HONEST; i++) {
                    int number = i;
                    honest.add(threads.submit(() -> work(attacked, number)));
                }
                long attacks = attack(attacked, threads);
                attacksAreOver = true;
                for (Future<Long> client : honest) {
                    assertThat(client.get()).as("seed %s", SEED).isPositive();
                }
                System.out.println(attacks + " attacks");
            } finally {
                attacksAreOver = true;
                threads.shutdownNow();
                for (RawClient client : silent) {
                    client.close();
                }
            }
            Eventually.holds(
                    "all clients are gone",
                    () -> attacked.http().get("/stats").body().contains("\"connected\":0"));
            Idleness.comes(attacked);
            assertThat(logged.all()).as("seed %s", SEED).isEmpty();
        }
        lookForLeaks();
        assertThat(leaks).as("seed %s", SEED).isEmpty();
    }

    private volatile boolean attacksAreOver;

    private long work(Cluster attacked, int number) throws IOException {
        try (Workload client = new Workload(attacked, number, SEED)) {
            do {
                client.round();
            } while (!attacksAreOver);
            return client.rounds();
        }
    }

    /** Attacks until the time is over; how often. */
    private long attack(Cluster attacked, ExecutorService threads) throws Exception {
        AtomicLong number = new AtomicLong();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Future<?>> hostile = new ArrayList<>();
        for (int i = 0; i < HOSTILE; i++) {
            List<String> keys = attacked.keyOnEach("hostile" + i + "_");
            hostile.add(threads.submit(() -> {
                while (System.nanoTime() < end && !attacksAreOver) {
                    long seed = SEED + number.getAndIncrement();
                    try {
                        new HostileAttack(attacked.port(), seed, keys).run();
                    } catch (IOException | RuntimeException | Error e) {
                        throw new AssertionError("attack " + seed, e);
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : hostile) {
            one.get();
        }
        return number.get();
    }

    /** Lost buffers are reported when the garbage collector has seen them and another buffer is made. */
    private static void lookForLeaks() {
        for (int i = 0; i < 5; i++) {
            System.gc();
            System.runFinalization();
            for (int j = 0; j < 100; j++) {
                ByteBufAllocator.DEFAULT.directBuffer(16).release();
            }
        }
    }
}
