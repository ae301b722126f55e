package io.pgring.it.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.FirstServers;
import io.pgring.it.support.KnownTopology;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.reshard.MovePoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Administrators change the ring in the console. */
@ExtendWith(SharedServers.class)
class RingConsoleIT {
    /** A pause that fails on a busy machine is tried again, later each time. */
    private static final Duration MOVE = Duration.ofMinutes(5);

    private final Servers servers;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private Cluster cluster;

    RingConsoleIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        KnownTopology.forget(servers);
        servers.executeEverywhere("DROP TABLE IF EXISTS kv CASCADE");
        cluster = Cluster.start(plan -> plan.on(new FirstServers(servers, 2))
                .clients(Clients.DEFAULT.withAdmins(List.of("postgres")))
                .moves((point, move) -> {
                    if (point == MovePoint.COPYING) {
                        held.await();
                    }
                })
                .threads(1));
        try (Connection client = cluster.connect()) {
            Sql.execute(client, "INSERT INTO kv SELECT 'k' || i, '0' FROM generate_series(1, 500) i");
        }
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private Connection console(String queryMode) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + cluster.port() + "/pgring?user=postgres&preferQueryMode=" + queryMode);
    }

    private static List<String> column(Statement statement, String sql, String name) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(name));
            }
        }
        return values;
    }

    private String add() {
        ShardConfiguration shard = servers.shards().get(2);
        return "ADD SHARD shard-2 'postgresql://postgres@" + shard.host() + ":" + shard.port() + "/" + shard.database()
                + "'";
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended"})
    void aShardIsAddedAndRemoved(String queryMode) throws Exception {
        try (Connection console = console(queryMode);
                Statement statement = console.createStatement()) {
            assertThat(column(statement, add() + " WEIGHT 2", "target")).containsExactly("shard-2", "shard-2");
            Eventually.holds(
                    "the moves are made",
                    MOVE,
                    () -> column(statement, "SHOW MOVES", "state").equals(List.of("DONE", "DONE")));
            assertThat(column(statement, "SHOW SHARDS", "membership")).containsExactly("member", "member", "member");
            assertThat(column(statement, "SHOW SHARDS", "weight")).containsExactly("1", "1", "2");
            assertThat(Double.parseDouble(
                            column(statement, "SHOW SHARDS", "share").get(2)))
                    .isBetween(0.4, 0.6);
            assertThat(column(statement, "ALTER SHARD \"shard-2\" WEIGHT 1", "source"))
                    .containsOnly("shard-2");
            Eventually.holds(
                    "it has less",
                    MOVE,
                    () -> !column(statement, "SHOW MOVES", "state").contains("PLANNED")
                            && column(statement, "SHOW MOVES", "ended").stream().allMatch(end -> end != null));

            assertThat(column(statement, "REMOVE SHARD shard-2", "source")).containsOnly("shard-2");
            Eventually.holds(
                    "it is gone",
                    MOVE,
                    () -> column(statement, "SHOW SHARDS", "name").equals(List.of("shard-0", "shard-1")));
        }
        assertThat(servers.value(2, "SELECT count(*) FROM kv")).isEqualTo("0");
    }

    @Test
    void aMoveIsAborted() throws Exception {
        held = new CountDownLatch(1);
        try (Connection console = console("extended");
                Statement statement = console.createStatement()) {
            String id = column(statement, add(), "id").get(0);
            assertThatThrownBy(() -> column(statement, "ABORT MOVE " + id + " FORCE", "state"))
                    .hasMessageContaining("shard \"shard-2\" can be reached");
            assertThat(column(statement, "ABORT MOVE " + id, "state")).contains("ABORTING");
            held.countDown();
            Eventually.holds(
                    "all is taken back",
                    () -> column(statement, "SHOW MOVES", "state").equals(List.of("ABORTED", "ABORTED")));
            assertThat(column(statement, "SHOW MOVES", "reason")).contains("it was aborted by hand");
            assertThat(column(statement, "SHOW SHARDS", "membership")).containsExactly("member", "member", "joining");
        }
    }

    @Test
    void whatCanNotBeDoneIsRefused() throws Exception {
        try (RawClient console = RawClient.connect(cluster.port(), Map.of("user", "postgres", "database", "pgring"))) {
            assertThat(console.answer("REMOVE SHARD shard-0"))
                    .first()
                    .asString()
                    .contains("0A000", "home shard");
            assertThat(console.answer("REMOVE SHARD shard-7"))
                    .first()
                    .asString()
                    .contains("42704");
            assertThat(console.answer("ADD SHARD x 'nothing'"))
                    .first()
                    .asString()
                    .contains("22023");
            assertThat(console.answer("ADD SHARD x")).first().asString().contains("42601", "end of input");
            assertThat(console.answer("ADD SHARD x 'y' WEIGHT z"))
                    .first()
                    .asString()
                    .contains("42601", "\"z\"");
            assertThat(console.answer("ABORT MOVE 7")).first().asString().contains("55000", "no rows are being moved");
        }
        assertThat(SqlStates.of(() -> DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + cluster.port() + "/pgring?user=mallory")))
                .isEqualTo("42501");
    }
}
