package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which PostgreSQL JDBC talks to a server gives the same rows, on every shard. */
@ExtendWith(SharedCluster.class)
class JdbcQueryModesIT {
    private static final String SIMPLE = "preferQueryMode=simple";
    private static final String EXTENDED_1 = "preferQueryMode=extended&prepareThreshold=1";
    private static final String EXTENDED_5 = "preferQueryMode=extended&prepareThreshold=5";
    private static final String NEVER_PREPARED = "preferQueryMode=extended&prepareThreshold=0";
    private static final String BINARY_FROM_START = "preferQueryMode=extended&prepareThreshold=-1";
    private static final String FOR_PREPARED = "preferQueryMode=extendedForPrepared&prepareThreshold=1";
    private static final String CACHE_EVERYTHING = "preferQueryMode=extendedCacheEverything&prepareThreshold=1";
    private static final String SMALL_CACHE = "prepareThreshold=1&preparedStatementCacheQueries=1";

    private static final int ROUNDS = 7;
    private static final int KEYS = 40;

    private final Cluster cluster;

    JdbcQueryModesIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED_1, BINARY_FROM_START})
    void keysOfEveryTypeCanBeParameters(String mode) throws SQLException {
        UUID device = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        try (Connection connection = cluster.connect(mode);
                PreparedStatement event = connection.prepareStatement("INSERT INTO events VALUES (?, ?)");
                PreparedStatement events = connection.prepareStatement("SELECT note FROM events WHERE id = ?");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO devices VALUES (?, 'here')");
                PreparedStatement devices = connection.prepareStatement("SELECT note FROM devices WHERE id = ?")) {
            for (long id = -20; id < 20; id++) {
                event.setLong(1, id);
                event.setString(2, "note" + id);
                assertThat(event.executeUpdate()).isEqualTo(1);
                events.setInt(1, (int) id);
                assertThat(read(events)).containsExactly("note" + id);
                events.setLong(1, id);
                assertThat(read(events)).containsExactly("note" + id);
            }
            insert.setObject(1, device);
            assertThat(insert.executeUpdate()).isEqualTo(1);
            devices.setObject(1, device);
            assertThat(read(devices)).containsExactly("here");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SIMPLE,
                EXTENDED_1,
                EXTENDED_5,
                NEVER_PREPARED,
                BINARY_FROM_START,
                FOR_PREPARED,
                CACHE_EVERYTHING,
                SMALL_CACHE
            })
    void onePreparedStatementServesAllShards(String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO kv (key, value) VALUES (?, ?)");
                PreparedStatement select = connection.prepareStatement("SELECT value FROM kv WHERE key = ?");
                PreparedStatement update = connection.prepareStatement("UPDATE kv SET value = ? WHERE key = ?");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM kv WHERE key = ?")) {
            for (int i = 0; i < KEYS; i++) {
                insert.setString(1, "mode" + i);
                insert.setString(2, "value" + i);
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < KEYS; i++) {
                    update.setString(1, "value" + i + "." + round);
                    update.setString(2, "mode" + i);
                    assertThat(update.executeUpdate()).isEqualTo(1);
                    select.setString(1, "mode" + i);
                    assertThat(read(select)).containsExactly("value" + i + "." + round);
                }
            }
            delete.setString(1, "mode0");
            assertThat(delete.executeUpdate()).isEqualTo(1);
            assertThat(delete.executeUpdate()).isZero();
            select.setString(1, "mode0");
            assertThat(read(select)).isEmpty();
        }
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            assertThat(cluster.servers().value(shard, "SELECT count(*) FROM kv"))
                    .isNotEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED_1, FOR_PREPARED, CACHE_EVERYTHING})
    void anErrorLeavesTheConnectionUsable(String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode)) {
            for (String key : cluster.keyOnEach("again")) {
                Sql.update(connection, "INSERT INTO kv VALUES (?, 'first')", key);
                assertThat(SqlStates.of(() -> Sql.update(connection, "INSERT INTO kv VALUES (?, 'second')", key)))
                        .isEqualTo("23505");
                assertThat(Sql.column(connection, "SELECT value FROM kv WHERE key = ?", key))
                        .containsExactly("first");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIMPLE, EXTENDED_1, EXTENDED_5, CACHE_EVERYTHING})
    void manyThreadsAtOnce(String mode) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String prefix = "thread" + thread + "_";
                done.add(threads.submit(() -> writeAndRead(mode, prefix)));
            }
            for (Future<Integer> one : done) {
                assertThat(one.get()).isEqualTo(100);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private int writeAndRead(String mode, String prefix) throws SQLException {
        int right = 0;
        try (Connection connection = cluster.connect(mode)) {
            for (int i = 0; i < 100; i++) {
                Sql.update(connection, "INSERT INTO kv VALUES (?, ?)", prefix + i, "of " + prefix + i);
                List<String> found = new ArrayList<>();
                try (PreparedStatement select = connection.prepareStatement("SELECT value FROM kv WHERE key = ?")) {
                    select.setString(1, prefix + i);
                    found.addAll(read(select));
                }
                right += found.equals(List.of("of " + prefix + i)) ? 1 : 0;
            }
        }
        return right;
    }

    private static List<String> read(PreparedStatement select) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
