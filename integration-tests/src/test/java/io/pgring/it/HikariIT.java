package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Placement;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.proxy.topology.KeyType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An application with the usual connection pool: many threads, each of which always sees what it has written. */
@ExtendWith(SharedCluster.class)
class HikariIT {
    private static final int CONNECTIONS = 10;
    private static final int THREADS = 16;
    private static final int STEPS = 400;
    private static final int KEYS_PER_THREAD = 25;

    private final Cluster cluster;

    HikariIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void everyReadSeesTheLastWrite() throws Exception {
        Map<String, String> expected = new HashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (HikariDataSource pool = new HikariDataSource(configuration())) {
            List<Future<Map<String, String>>> done = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                done.add(threads.submit(() -> work(pool, number)));
            }
            for (Future<Map<String, String>> one : done) {
                expected.putAll(one.get());
            }
            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(CONNECTIONS);
        } finally {
            threads.shutdownNow();
        }
        Placement placement = new Placement(cluster, "kv", "key", KeyType.TEXT);
        assertThat(placement.misplaced()).isZero();
        assertThat(placement.contents()).isEqualTo(expected);
    }

    /** What the rows of one thread hold at the end. */
    private static Map<String, String> work(HikariDataSource pool, int thread) throws SQLException {
        Random random = new Random(thread);
        Map<String, String> model = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            String key = "thread" + thread + "_" + random.nextInt(KEYS_PER_THREAD);
            String value = "step " + step;
            try (Connection connection = pool.getConnection()) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        Sql.update(
                                connection,
                                "INSERT INTO kv VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                                key,
                                value);
                        model.put(key, value);
                    }
                    case 1 -> writeInTransaction(connection, key, value, random.nextBoolean(), model);
                    case 2 -> {
                        int deleted = Sql.update(connection, "DELETE FROM kv WHERE key = ?", key);
                        assertThat(deleted).isEqualTo(model.remove(key) == null ? 0 : 1);
                    }
                    default ->
                        assertThat(Sql.column(connection, "SELECT value FROM kv WHERE key = ?", key))
                                .isEqualTo(model.containsKey(key) ? List.of(model.get(key)) : List.of());
                }
            }
        }
        return model;
    }

    private static void writeInTransaction(
            Connection connection, String key, String value, boolean commit, Map<String, String> model)
            throws SQLException {
        connection.setAutoCommit(false);
        int updated = Sql.update(connection, "UPDATE kv SET value = ? WHERE key = ?", value, key);
        assertThat(updated).isEqualTo(model.containsKey(key) ? 1 : 0);
        if (updated == 0) {
            Sql.update(connection, "INSERT INTO kv VALUES (?, ?)", key, value);
        }
        assertThat(Sql.column(connection, "SELECT value FROM kv WHERE key = ?", key))
                .containsExactly(value);
        if (commit) {
            connection.commit();
            model.put(key, value);
        } else {
            connection.rollback();
        }
    }

    private HikariConfig configuration() {
        HikariConfig configuration = new HikariConfig();
        configuration.setJdbcUrl(cluster.jdbcUrl());
        configuration.setMaximumPoolSize(CONNECTIONS);
        configuration.setConnectionTestQuery("SELECT 1");
        configuration.addDataSourceProperty("prepareThreshold", "2");
        return configuration;
    }
}
