package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.faults.CrashWorkload.Answer;
import io.pgring.it.faults.CrashWorkload.Row;
import io.pgring.it.faults.CrashWorkload.Told;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.fanout.CommitGate.Step;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proxies and servers are killed at every point of two-phase commit, under load, round after round. Afterwards another proxy has ended all
 * that was left; all shards agree on every transaction; what a client was told is committed is there, and what it was told has failed is
 * not.
 *
 * <p>A few rounds by default; the profile nightly runs 200. {@code -Dpgring.it.crashes} and {@code -Dpgring.it.seed} choose others.
 */
class CrashCampaignIT {
    private static final int ROUNDS = Integer.getInteger("pgring.it.crashes", 6);
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());
    private static final int CLIENTS = 4;
    private static final int COMMITS_BEFORE_MAX = 12;

    private static Servers servers;
    private static Cluster other;
    private static final AtomicReference<CommitGate> GATE = new AtomicReference<>(CommitGate.OPEN);

    /** A message of a commit; of two or three shards that write, the first decides. */
    private record Point(Step step, int shard) {}

    private static final List<Point> POINTS = List.of(
            new Point(Step.PREPARE, 0),
            new Point(Step.PREPARE, 1),
            new Point(Step.PREPARE, 2),
            new Point(Step.DECIDE, 0),
            new Point(Step.DECIDE, 1),
            new Point(Step.FINISH, 1),
            new Point(Step.FINISH, 2));

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(3);
        other = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .gate((step, shard) -> Objects.requireNonNull(GATE.get()).passes(step, shard)));
    }

    @AfterAll
    static void stop() throws Exception {
        other.close();
        servers.close();
    }

    @Test
    void nothingIsHalfDoneAndNothingIsForgotten(@TempDir Path folder) throws Exception {
        Random random = new Random(SEED);
        Map<Answer, Integer> told = new EnumMap<>(Answer.class);
        long startNanos = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            Point point = POINTS.get(round / 2 % POINTS.size());
            boolean proxyDies = round % 2 == 0;
            int passing = random.nextInt(COMMITS_BEFORE_MAX);
            boolean leaves = random.nextBoolean();
            String name = "round " + round + ", " + (proxyDies ? "proxy" : "shard") + " at " + point + " behind "
                    + passing + ", seed " + SEED;
            List<CrashWorkload> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new CrashWorkload(other, "c" + i, random.nextLong()));
            }
            servers.executeEverywhere("TRUNCATE kv");
            if (proxyDies) {
                killProxy(folder, point, passing, leaves, clients);
            } else {
                killShard(point, passing, clients);
            }
            assertAgreed(name, clients, told);
        }
        System.out.println(ROUNDS + " crashes, transactions " + told + ", "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos) + " s, seed " + SEED);
        assertThat(told).containsKey(Answer.COMMITTED);
    }

    private static void killProxy(Path folder, Point point, int passing, boolean leaves, List<CrashWorkload> clients)
            throws Exception {
        List<String> arguments =
                List.of(point.step.name(), "shard-" + point.shard, Integer.toString(passing), Boolean.toString(leaves));
        try (ProxyProcess proxy = ProxyProcess.crashing(folder, servers.shards(), arguments)) {
            run(clients, proxy.port());
            assertThat(proxy.awaitEnd()).isEqualTo(CrashingProxy.KILLED);
        }
    }

    /** The first shards that decide are at rest when the crash comes: the proxy waits for it. */
    private static void killShard(Point point, int passing, List<CrashWorkload> clients) throws Exception {
        int[] left = {passing};
        AtomicBoolean crashed = new AtomicBoolean();
        GATE.set((step, shard) -> {
            if (step == point.step && shard.equals("shard-" + point.shard) && left[0]-- == 0) {
                crash(point.shard);
                crashed.set(true);
            }
            return true;
        });
        try {
            run(clients, other.port());
        } finally {
            GATE.set(CommitGate.OPEN);
            if (crashed.get()) {
                servers.start(point.shard);
            }
        }
        assertThat(crashed).isTrue();
    }

    private static void crash(int shard) {
        try {
            servers.crash(shard);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(List<CrashWorkload> clients, int port) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        clients.forEach(client -> threads.execute(() -> client.run(port)));
        threads.shutdown();
        assertThat(threads.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    }

    private static void assertAgreed(String round, List<CrashWorkload> clients, Map<Answer, Integer> told)
            throws SQLException {
        Eventually.succeeds(() -> {
            for (int shard = 0; shard < 3; shard++) {
                assertThat(servers.value(shard, "SELECT count(*) FROM pg_prepared_xacts"))
                        .as(round)
                        .isEqualTo("0");
            }
        });
        Eventually.succeeds(() -> {
            try (Connection connection = other.connect()) {
                Sql.value(connection, "SELECT count(*) FROM kv");
            }
        });
        Set<Row> there = new HashSet<>();
        for (int shard = 0; shard < 3; shard++) {
            try (Connection connection = servers.connect(shard)) {
                for (String key : Sql.column(connection, "SELECT key FROM kv")) {
                    there.add(new Row(key, shard));
                }
            }
        }
        for (CrashWorkload client : clients) {
            for (Told transaction : client.transactions()) {
                told.merge(transaction.answer(), 1, Integer::sum);
                List<Row> found =
                        transaction.rows().stream().filter(there::contains).toList();
                String when = round + ", told " + transaction;
                switch (transaction.answer()) {
                    case COMMITTED -> assertThat(found).as(when).isEqualTo(transaction.rows());
                    case FAILED -> assertThat(found).as(when).isEmpty();
                    case UNKNOWN -> assertThat(found).as(when).isIn(transaction.rows(), List.of());
                }
                found.forEach(there::remove);
            }
        }
        assertThat(there).as(round + ": rows that nobody has written there").isEmpty();
    }
}
