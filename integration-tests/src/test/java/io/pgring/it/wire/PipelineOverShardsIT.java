package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Statements that come one by one, each read before the next is sent, with one Sync behind them all: one transaction in PostgreSQL. The
 * proxy learns with the second that it concerns another shard than the first.
 */
@ExtendWith(SharedCluster.class)
class PipelineOverShardsIT {
    private static final int[] NONE = {};
    private static final String INSERT = "INSERT INTO kv VALUES ($1, 'x')";
    private static final String READ = "SELECT value FROM kv WHERE key = $1";
    private static final String COUNT = "SELECT count(*) FROM kv WHERE key > $1";
    private static final String UPDATE_ALL = "UPDATE kv SET value = 'y' WHERE key > $1";

    private final Cluster cluster;

    PipelineOverShardsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Runs one statement up to a Flush, and reads how it ended. */
    private static String flushed(RawClient client, String sql, String value) throws IOException {
        byte[][] values = {value.getBytes(StandardCharsets.UTF_8)};
        client.send(
                new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE),
                new Bind("", "", NONE, values, NONE),
                new Execute("", 0),
                new Flush());
        StringBuilder rows = new StringBuilder();
        while (true) {
            Reply reply = client.read();
            if (reply.is(BackendType.COMMAND_COMPLETE) || reply.is(BackendType.ERROR_RESPONSE)) {
                return rows + reply.text();
            }
            if (reply.is(BackendType.DATA_ROW)) {
                rows.append(reply.text()).append(' ');
            }
        }
    }

    private static List<String> sync(RawClient client) throws IOException {
        client.send(new Sync());
        return client.readToReady().stream().map(Reply::text).toList();
    }

    private int stored() throws SQLException {
        int rows = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            rows += Integer.parseInt(cluster.servers().value(shard, "SELECT count(*) FROM kv"));
        }
        return rows;
    }

    @Test
    void theyAreCommittedTogetherAtTheSync() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : cluster.keyOnEach("together")) {
                assertThat(flushed(client, INSERT, key)).isEqualTo("C INSERT 0 1");
            }
            assertThat(stored()).isZero();
            assertThat(flushed(client, COUNT, "a")).endsWith("3 C SELECT 1");
            assertThat(sync(client)).containsExactly("Z IDLE");
            assertThat(stored()).isEqualTo(3);
        }
    }

    @Test
    void anErrorUndoesThemAll() throws Exception {
        List<String> keys = new ArrayList<>(cluster.keyOnEach("undone"));
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                flushed(client, INSERT, key);
            }
            assertThat(flushed(client, INSERT, keys.get(0))).startsWith("E ERROR 23505");
            client.send(new Parse("", INSERT.getBytes(StandardCharsets.UTF_8), NONE));
            assertThat(sync(client)).containsExactly("Z IDLE");
            assertThat(stored()).isZero();
            assertThat(flushed(client, INSERT, keys.get(1))).isEqualTo("C INSERT 0 1");
            assertThat(sync(client)).containsExactly("Z IDLE");
            assertThat(stored()).isEqualTo(1);
        }
    }

    @Test
    void anErrorBeforeTheBeginIsTheOnlyAnswer() throws Exception {
        List<String> keys = cluster.keyOnEach("first");
        byte[][] value = {keys.get(1).getBytes(StandardCharsets.UTF_8)};
        try (RawClient client = RawClient.connect(cluster.port())) {
            flushed(client, INSERT, keys.get(0));
            // The failing one is answered while the next, for another shard, is on its way.
            client.send(
                    new Parse("", INSERT.getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("", "", NONE, new byte[][] {keys.get(0).getBytes(StandardCharsets.UTF_8)}, NONE),
                    new Execute("", 0),
                    new Parse("", INSERT.getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("", "", NONE, value, NONE),
                    new Execute("", 0),
                    new Sync());
            assertThat(client.readToReady().stream().map(Reply::text))
                    .filteredOn(text -> !text.startsWith("1 ") && !text.startsWith("2 "))
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("E ERROR 23505");
            assertThat(stored()).isZero();
            assertThat(client.value("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void statementsOnAllShardsMayStandAnywhereAmongThem() throws Exception {
        List<String> keys = cluster.keyOnEach("anywhere");
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            }
            assertThat(flushed(client, UPDATE_ALL, "a")).isEqualTo("C UPDATE 3");
            assertThat(flushed(client, READ, keys.get(1))).endsWith("y C SELECT 1");
            assertThat(flushed(client, "DELETE FROM kv WHERE key = $1", keys.get(2)))
                    .isEqualTo("C DELETE 1");
            assertThat(flushed(client, UPDATE_ALL, "a")).isEqualTo("C UPDATE 2");
            assertThat(flushed(client, COUNT, "a")).endsWith("2 C SELECT 1");
            assertThat(stored()).isEqualTo(3);
            assertThat(sync(client)).containsExactly("Z IDLE");
            assertThat(stored()).isEqualTo(2);
            assertThat(flushed(client, READ, keys.get(0))).endsWith("y C SELECT 1");
            assertThat(flushed(client, UPDATE_ALL, "a")).isEqualTo("C UPDATE 2");
            assertThat(flushed(client, INSERT, keys.get(0))).startsWith("E ERROR 23505");
            assertThat(sync(client)).containsExactly("Z IDLE");
            assertThat(client.value("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void settingsAmongThemAreNotCarriedToAnotherShard() throws Exception {
        List<String> keys = cluster.keyOnEach("setting");
        try (RawClient client = RawClient.connect(cluster.port())) {
            flushed(client, INSERT, keys.get(0));
            client.send(
                    new Parse("", "SET work_mem = '6MB'".getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("", "", NONE, new byte[0][], NONE),
                    new Execute("", 0),
                    new Flush());
            while (!client.read().is(BackendType.COMMAND_COMPLETE)) {
                // ParseComplete, BindComplete
            }
            assertThat(flushed(client, INSERT, keys.get(1))).startsWith("E ERROR 0A000");
            assertThat(sync(client)).containsExactly("Z IDLE");
            assertThat(stored()).isZero();
            assertThat(client.value("SHOW work_mem")).isEqualTo("4MB");
        }
    }
}
