package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are longer than what the proxy keeps of a shard stand behind short ones. */
@ExtendWith(SharedCluster.class)
class LongRowsIT {
    private static final int ROWS = 60;
    private static final int LONG = 1_000_000;
    private static final int SHORT = 10_000;
    private static final String NOTE =
            "CASE WHEN id % 3 = 0 THEN repeat('x', " + LONG + ") ELSE repeat('y', " + SHORT + ") END";

    private final Cluster cluster;

    LongRowsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void fill() throws Exception {
        new EventRows(cluster).fill(ROWS, NOTE);
    }

    @AfterEach
    void empty() throws Exception {
        cluster.servers().executeEverywhere("TRUNCATE events");
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + cluster.port() + "/postgres?user=postgres&socketTimeout=60");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT id, note FROM events", "SELECT id, note FROM events ORDER BY id"})
    void theyAreAllRead(String sql) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int rows = 0;
            while (row.next()) {
                rows++;
                assertThat(row.getString(2)).hasSize(row.getInt(1) % 3 == 0 ? LONG : SHORT);
            }
            assertThat(rows).isEqualTo(ROWS);
        }
    }

    @Test
    void theyAreCarriedToOtherShards() throws Exception {
        try (Connection connection = connect()) {
            Sql.execute(connection, "INSERT INTO events (id, note) SELECT id + 1000, note FROM events");
            assertThat(Sql.value(connection, "SELECT sum(length(note)) FROM events WHERE id > 1000"))
                    .isEqualTo(Long.toString(ROWS / 3 * (long) LONG + ROWS * 2 / 3 * (long) SHORT));
        }
    }
}
