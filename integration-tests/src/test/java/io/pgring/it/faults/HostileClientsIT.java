package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.CopyData;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that send rubbish, or nothing, harm neither the proxy nor those who work beside them; no buffer is lost on them. */
@ExtendWith(SharedCluster.class)
class HostileClientsIT {
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());
    private static final int ATTACKS = 600;
    private static final int HALF_OPEN = 400;
    private static final int HONEST = 4;
    private static final int[] NONE = {};

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

    @Test
    void honestClientsNoticeNothing() throws Exception {
        Limits limits = new Limits(10_000, 1 << 20, 60_000, 1 << 20, 5_000, 10_000, 16 << 20);
        PoolConfiguration pool = new PoolConfiguration(3, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 20);
        try (Cluster attacked = Cluster.start(
                plan -> plan.on(cluster.servers()).threads(1).pool(pool).limits(limits))) {
            ExecutorService threads = Executors.newFixedThreadPool(HONEST);
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
                Random random = new Random(SEED);
                for (int i = 0; i < ATTACKS; i++) {
                    attack(attacked.port(), random);
                }
                attacksAreOver = true;
                for (Future<Long> client : honest) {
                    assertThat(client.get()).as("seed %s", SEED).isPositive();
                }
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

    /** Sends bad bytes, and hangs up with or without waiting for an answer. */
    private void attack(int port, Random random) throws IOException {
        boolean loggedIn = random.nextInt(4) != 0;
        try (RawClient client = loggedIn ? RawClient.connect(port, Map.of()) : RawClient.open(port)) {
            client.patience(5_000);
            byte[] bytes = random.nextInt(3) == 0 ? rubbish(random) : mutated(random);
            client.sendBytes(bytes);
            switch (random.nextInt(3)) {
                case 0 -> client.abort();
                case 1 -> {
                    client.endOutput();
                    client.readToEnd();
                }
                default -> {}
            }
        } catch (java.net.SocketException e) {
            // The proxy has hung up while the attack was under way.
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
        }
    }

    private static byte[] rubbish(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(2_000)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            bytes[0] = (byte) "PBDECHSQFdcfpX".charAt(random.nextInt(14));
        }
        return bytes;
    }

    /** Good messages with a few bytes changed, lengths included. */
    private byte[] mutated(Random random) {
        String key = cluster.keyOn(random.nextInt(cluster.shardCount()), "hostile");
        byte[][] parameters = {key.getBytes(StandardCharsets.UTF_8)};
        byte[] sql = "SELECT value FROM kv WHERE key = $1".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = RawClient.bytes(
                Query.of("SELECT value FROM kv WHERE key = '" + key + "'"),
                new Parse("s", sql, NONE),
                new Describe(Target.STATEMENT, "s"),
                new Bind("", "s", NONE, parameters, NONE),
                new Execute("", 0),
                new Close(Target.STATEMENT, "s"),
                new Sync(),
                Query.of("BEGIN"),
                Query.of("SELECT 1 FROM kv WHERE key = '" + key + "' FOR UPDATE"),
                new CopyData(new byte[random.nextInt(10_000)]),
                Query.of("SELECT 1 / 0"),
                new Sync());
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0x7f);
        }
        return Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
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
