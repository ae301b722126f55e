package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.FirstServers;
import io.pgring.it.support.KnownTopology;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shards come and go in running proxies, while clients write and read. */
class GrowingRingIT {
    private static final int KEYS = 3_000;
    private static final String COUNTRIES =
            "CREATE TABLE IF NOT EXISTS countries (code text PRIMARY KEY, name text NOT NULL)";

    private static Servers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(3);
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        KnownTopology.forget(servers);
        servers.executeEverywhere("DROP TABLE IF EXISTS kv, countries CASCADE");
    }

    private Cluster cluster() throws Exception {
        return Cluster.start(plan -> plan.on(new FirstServers(servers, 2))
                .reference("countries", COUNTRIES)
                .threads(1));
    }

    private static void fill(Connection client) throws SQLException {
        Sql.execute(
                client,
                "INSERT INTO kv SELECT 'k' || i, '0' FROM generate_series(1, " + KEYS + ") i;"
                        + " INSERT INTO countries VALUES ('ch', 'Schweiz'), ('nz', 'Aotearoa')");
    }

    /** Clients that count one key each up, and look whether all rows are there. */
    private static final class Counting implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicLong done = new AtomicLong();
        private final List<Future<?>> clients = new ArrayList<>();

        Counting(Cluster cluster, int writers) {
            for (int i = 0; i < writers; i++) {
                int first = i;
                clients.add(threads.submit(() -> count(cluster, first, writers)));
            }
            clients.add(threads.submit(() -> look(cluster)));
            clients.add(threads.submit(() -> rename(cluster)));
        }

        private Void count(Cluster cluster, int first, int step) throws SQLException {
            try (Connection client = cluster.connect()) {
                int[] expected = new int[KEYS + 1];
                for (int key = first + 1; !stop.get(); key = key + step > KEYS ? first + 1 : key + step) {
                    String name = "'k" + key + "'";
                    assertThat(Sql.value(client, "SELECT value FROM kv WHERE key = " + name))
                            .isEqualTo(Integer.toString(expected[key]));
                    expected[key]++;
                    assertThat(Sql.update(client, "UPDATE kv SET value = '" + expected[key] + "' WHERE key = " + name))
                            .isEqualTo(1);
                    done.incrementAndGet();
                }
            }
            return null;
        }

        private Void look(Cluster cluster) throws SQLException {
            try (Connection client = cluster.connect()) {
                while (!stop.get()) {
                    assertThat(Sql.value(client, "SELECT count(*) FROM kv")).isEqualTo(Integer.toString(KEYS));
                    done.incrementAndGet();
                }
            }
            return null;
        }

        private Void rename(Cluster cluster) throws SQLException {
            try (Connection client = cluster.connect()) {
                for (int i = 0; !stop.get(); i++) {
                    assertThat(Sql.update(client, "UPDATE countries SET name = 'n" + i + "' WHERE code = 'ch'"))
                            .isEqualTo(1);
                    done.incrementAndGet();
                }
            }
            return null;
        }

        void awaitWork() {
            long before = done.get();
            Eventually.holds(
                    "clients work", () -> clients.stream().anyMatch(Future::isDone) || done.get() > before + 100);
        }

        @Override
        public void close() {
            stop.set(true);
            try {
                for (Future<?> client : clients) {
                    client.get();
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError("a client has failed", e);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static int rowsOn(int shard) throws SQLException {
        return Integer.parseInt(servers.value(shard, "SELECT count(*) FROM kv"));
    }

    @Test
    void aShardThatIsAddedGetsItsShareOfTheRowsAndGivesThemBackWhenItIsRemoved() throws Exception {
        try (Cluster cluster = cluster();
                Connection client = cluster.connect()) {
            fill(client);
            GrowingRing ring = new GrowingRing(cluster, servers);
            try (Counting counting = new Counting(cluster, 3)) {
                counting.awaitWork();
                ring.add(2);
                ring.awaitQuiet();
                counting.awaitWork();

                assertThat(rowsOn(2)).isBetween(KEYS / 4, KEYS / 2);
                assertThat(rowsOn(0) + rowsOn(1) + rowsOn(2)).isEqualTo(KEYS);
                assertThat(ring.moves()).isEqualTo("shard-0>shard-2 DONE, shard-1>shard-2 DONE");

                ring.remove(2);
                ring.awaitQuiet();
                counting.awaitWork();

                assertThat(rowsOn(0) + rowsOn(1)).isEqualTo(KEYS);
                assertThat(rowsOn(2)).isZero();
                assertThat(servers.value(0, "SELECT state FROM pgring.shards WHERE name = 'shard-2'"))
                        .isEqualTo("gone");

                Eventually.holds(
                        "its reference tables are empty",
                        () -> servers.value(2, "SELECT count(*) FROM countries").equals("0"));
                ring.add(2);
                ring.awaitQuiet();
                counting.awaitWork();
            }
            assertThat(rowsOn(2)).isBetween(KEYS / 4, KEYS / 2);
            String countries = "SELECT string_agg(c::text, ' ' ORDER BY code) FROM countries c";
            assertThat(servers.value(2, countries)).isEqualTo(servers.value(0, countries));
        }
    }
}
