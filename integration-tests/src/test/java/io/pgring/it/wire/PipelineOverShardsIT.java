package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.FrontendMessage;
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

    private static FrontendMessage[] messages(String sql, String... values) {
        byte[][] parameters = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            parameters[i] = values[i].getBytes(StandardCharsets.UTF_8);
        }
        return new FrontendMessage[] {
            new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE),
            new Bind("", "", NONE, parameters, NONE),
            new Execute("", 0)
        };
    }

    /** Sends statements and a Sync in one packet; what ended each, and how it stands then. */
    private static List<String> together(RawClient client, FrontendMessage[]... statements) throws IOException {
        List<FrontendMessage> all = new ArrayList<>();
        for (FrontendMessage[] statement : statements) {
            all.addAll(List.of(statement));
        }
        all.add(new Sync());
        client.send(all.toArray(FrontendMessage[]::new));
        return client.readToReady().stream()
                .filter(reply -> !reply.is(BackendType.PARSE_COMPLETE) && !reply.is(BackendType.BIND_COMPLETE))
                .filter(reply -> !reply.is(BackendType.DATA_ROW))
                .map(Reply::text)
                .toList();
    }

    private List<String> filled(RawClient client, String prefix) throws IOException {
        List<String> keys = cluster.keyOnEach(prefix);
        for (String key : keys) {
            client.query("INSERT INTO kv VALUES ('" + key + "', 'old')");
        }
        return keys;
    }

    private static String old(RawClient client) throws IOException {
        return client.value("SELECT count(*) FROM kv WHERE value = 'old'");
    }

    @Test
    void aBeginBehindAWriteOnAllShardsTakesItIn() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            filled(client, "begun");
            flushed(client, UPDATE_ALL, "a");
            assertThat(together(client, messages("BEGIN"))).containsExactly("C BEGIN", "Z IN_TRANSACTION");
            assertThat(old(client)).isEqualTo("0");
            client.query("ROLLBACK");
            assertThat(old(client)).isEqualTo("3");
            flushed(client, UPDATE_ALL, "a");
            assertThat(together(client, messages("SAVEPOINT s")))
                    .element(0)
                    .asString()
                    .startsWith("E ERROR 25P01");
            assertThat(old(client)).isEqualTo("3");
        }
    }

    @Test
    void settingsBehindAWriteOnAllShardsStandOrFallWithIt() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port());
                RawClient other = RawClient.connect(cluster.port())) {
            List<String> keys = filled(client, "set");
            String setting = "SELECT set_config('work_mem', '7MB', false)";
            for (String sql : List.of("SET work_mem = '7MB'", setting)) {
                flushed(client, UPDATE_ALL, "a");
                assertThat(together(client, messages(sql), messages("SELECT 1 / 0")))
                        .endsWith("E ERROR 22012 division by zero", "Z IDLE");
                assertThat(client.value("SHOW work_mem")).isEqualTo("4MB");
                assertThat(old(client)).isEqualTo("3");
            }
            flushed(client, UPDATE_ALL, "a");
            assertThat(together(client, messages(setting))).endsWith("C SELECT 1", "Z IDLE");
            for (String key : keys) {
                String asked = "SELECT current_setting('work_mem'), value FROM kv WHERE key = '" + key + "'";
                assertThat(client.value(asked)).isEqualTo("7MB");
                assertThat(other.value(asked)).isEqualTo("4MB");
            }
            assertThat(old(client)).isEqualTo("0");
        }
    }

    @Test
    void aPortalThatFailsLaterUndoesAWriteOnAllShards() throws Exception {
        String divides = "SELECT 6 / (3 - i) FROM kv, generate_series(1, 5) i WHERE key > 'a'";
        try (RawClient client = RawClient.connect(cluster.port())) {
            filled(client, "portal");
            client.send(
                    new Parse("", divides.getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("p", "", NONE, new byte[0][], NONE),
                    new Execute("p", 1),
                    new Flush());
            while (!client.read().is(BackendType.PORTAL_SUSPENDED)) {
                // ParseComplete, BindComplete, a row
            }
            assertThat(flushed(client, UPDATE_ALL, "a")).isEqualTo("C UPDATE 3");
            assertThat(together(client, new FrontendMessage[] {new Execute("p", 0)}))
                    .containsExactly("E ERROR 22012 division by zero", "Z IDLE");
            assertThat(old(client)).isEqualTo("3");
        }
    }

    @Test
    void aBeginBehindAnotherStatementInOnePacketLasts() throws Exception {
        List<String> keys = cluster.keyOnEach("packet");
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                assertThat(together(client, messages("SELECT 1"), messages("BEGIN"), messages(INSERT, key)))
                        .containsExactly("C SELECT 1", "C BEGIN", "C INSERT 0 1", "Z IN_TRANSACTION");
                client.query("ROLLBACK");
                assertThat(stored()).isZero();
                assertThat(together(client, messages(INSERT, key), messages("START TRANSACTION"), messages(COUNT, "a")))
                        .containsExactly("C INSERT 0 1", "C START TRANSACTION", "C SELECT 1", "Z IN_TRANSACTION");
                client.query("ROLLBACK");
                assertThat(stored()).isZero();
            }
        }
    }

    @Test
    void whatOneServerAloneWasToldIsNotForgottenElsewhere() throws Exception {
        String setting = "SELECT set_config('work_mem', '6MB', false)";
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String sql : List.of("SET work_mem = '6MB'", "BEGIN READ WRITE", setting)) {
                int refused = 0;
                for (String key : cluster.keyOnEach("told")) {
                    List<String> ends = together(client, messages("SELECT 1"), messages(sql), messages(INSERT, key));
                    boolean isRefused = ends.stream().anyMatch(end -> end.startsWith("E ERROR 0A000"));
                    refused += isRefused ? 1 : 0;
                    client.query("ROLLBACK");
                    boolean stays = !isRefused && !sql.startsWith("BEGIN");
                    assertThat(stored()).as("%s, %s", sql, ends).isEqualTo(stays ? 1 : 0);
                    assertThat(client.value("SHOW work_mem")).isEqualTo(stays ? "6MB" : "4MB");
                    client.query("RESET work_mem");
                    client.query("DELETE FROM kv");
                }
                assertThat(refused).as(sql).isPositive();
            }
        }
    }

    @Test
    void aTransactionThatBeganAmongOthersAndFailedStaysWhereItIs() throws Exception {
        List<String> keys;
        try (RawClient client = RawClient.connect(cluster.port())) {
            keys = filled(client, "stays");
        }
        for (String key : keys) {
            try (RawClient client = RawClient.connect(cluster.port())) {
                client.query("BEGIN; SAVEPOINT s; SELECT 1 / 0");
                client.query("ROLLBACK TO s");
                assertThat(client.answer("SELECT value FROM kv WHERE key = '" + key + "'"))
                        .element(0)
                        .asString()
                        .matches("T value.*|E ERROR 0A000.*");
            }
        }
    }

    @Test
    void formatsThatDontFitTheColumnsAreRefused() throws Exception {
        String three = "SELECT set_config('work_mem', '7MB', true), set_config('work_mem', '8MB', true),"
                + " set_config('work_mem', '9MB', true)";
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(
                    new Parse("", three.getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("", "", NONE, new byte[0][], new int[] {0, 0}),
                    new Execute("", 0),
                    new Sync());
            assertThat(client.readToReady().stream().map(Reply::text))
                    .contains("E ERROR 08P01 bind message has 2 result formats but query has 3 columns");
        }
    }
}
