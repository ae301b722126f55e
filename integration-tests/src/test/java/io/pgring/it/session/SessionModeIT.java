package io.pgring.it.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.config.PoolMode;
import io.pgring.proxy.config.PoolModes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** In session mode a client has server connections of its own until it leaves, and leaves nothing on them. */
@ExtendWith(SharedCluster.class)
class SessionModeIT {
    private final Cluster shared;
    private Cluster cluster;

    SessionModeIT(Cluster shared) {
        this.shared = shared;
    }

    @BeforeEach
    void start() throws Exception {
        shared.truncate();
        cluster = start(TwoClients.PATIENT_MILLIS);
    }

    private Cluster start(long waitMillisMax) throws Exception {
        return Cluster.start(plan -> plan.beside(shared)
                .threads(1)
                .modes(new PoolModes(PoolMode.SESSION, Map.of("shared", PoolMode.TRANSACTION)))
                .pool(TwoClients.twoConnections(waitMillisMax)));
    }

    @AfterEach
    void stop() throws Exception {
        Pins.go(cluster);
        cluster.close();
    }

    private RawClient connect() throws Exception {
        return RawClient.connect(cluster.port());
    }

    @Test
    void theClientIsToldItsServerProcess() throws Exception {
        try (RawClient one = connect();
                RawClient other = connect()) {
            for (RawClient client : List.of(one, other)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(client.value("SELECT pg_backend_pid() FROM pg_class LIMIT 1"))
                            .isEqualTo(String.valueOf(client.key().processId()));
                    assertThat(client.value("SELECT pg_backend_pid()"))
                            .isEqualTo(String.valueOf(client.key().processId()));
                }
            }
            assertThat(one.key().processId()).isNotEqualTo(other.key().processId());
        }
    }

    @Test
    void whoIsInTransactionModeIsToldNoServerProcess() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port(), Map.of("user", "shared"))) {
            assertThat(client.key().processId()).isGreaterThan(1 << 22);
        }
    }

    @Test
    void aStatementIsCancelled() throws Exception {
        try (RawClient client = connect()) {
            client.send(Query.of("SELECT pg_sleep(60) FROM pg_class LIMIT 1"));
            Eventually.holds(
                    "the statement runs",
                    () -> shared.servers()
                            .value(
                                    0,
                                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60) FROM%'")
                            .equals("1"));

            RawClient.cancel(cluster.port(), client.key());

            assertThat(PinIT.sqlState(client.readToReady())).isEqualTo("57014");
        }
    }

    @Test
    void theSessionKeepsWhatItHas() throws Exception {
        try (RawClient client = connect()) {
            client.query("CREATE TEMP TABLE mine (id serial, note text)");
            client.query("INSERT INTO mine (note) VALUES ('a'), ('b')");
            assertThat(client.value("SELECT lastval()")).isEqualTo("2");
            assertThat(client.value("SELECT currval('mine_id_seq')")).isEqualTo("2");
            client.query("SELECT pg_advisory_lock(21)");
            client.query("DECLARE c CURSOR WITH HOLD FOR SELECT id FROM mine ORDER BY id");
            assertThat(client.value("FETCH c")).isEqualTo("1");
            assertThat(client.value("FETCH c")).isEqualTo("2");
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                client.query("INSERT INTO kv VALUES ('" + cluster.keyOn(shard, "s") + "', '')");
                Pins.stay(cluster, shard, 1);
            }
            assertThat(client.value("SELECT count(*) FROM kv, mine")).isEqualTo("6");
        }
        Pins.go(cluster);
        try (RawClient next = connect()) {
            assertThat(PinIT.sqlState(next.query("SELECT * FROM mine"))).isEqualTo("42P01");
            assertThat(PinIT.sqlState(next.query("SELECT lastval()"))).isEqualTo("55000");
            assertThat(PinIT.sqlState(next.query("FETCH c"))).isEqualTo("34000");
            assertThat(next.value("SELECT pg_try_advisory_lock(21)")).isEqualTo("t");
        }
    }

    @Test
    void discardAllKeepsTheServerProcess() throws Exception {
        try (RawClient client = connect()) {
            client.query("CREATE TEMP TABLE mine (id int)");
            client.query("SET work_mem = '6MB'");

            assertThat(client.answer("DISCARD ALL")).endsWith("C DISCARD ALL", "Z IDLE");

            assertThat(client.value("SHOW work_mem")).isEqualTo("4MB");
            assertThat(PinIT.sqlState(client.query("SELECT * FROM mine"))).isEqualTo("42P01");
            assertThat(client.value("SELECT pg_backend_pid()"))
                    .isEqualTo(String.valueOf(client.key().processId()));
        }
    }

    @Test
    void rowsAreFetchedInPiecesWhileOthersAreChanged() throws Exception {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                Statement change = connection.createStatement()) {
            for (int i = 0; i < 30; i++) {
                change.executeUpdate("INSERT INTO kv VALUES ('f" + i + "', '')");
            }
            connection.setAutoCommit(false);
            statement.setFetchSize(4);
            int read = 0;
            try (ResultSet rows = statement.executeQuery("SELECT key FROM kv")) {
                while (rows.next()) {
                    read++;
                    change.executeUpdate("UPDATE kv SET value = 'x' WHERE key = '" + rows.getString(1) + "'");
                }
            }
            connection.commit();
            assertThat(read).isEqualTo(30);
        }
    }

    @Test
    void whoFindsNoConnectionIsTurnedAwayWithTheReason() throws Exception {
        try (Cluster impatient = start(TwoClients.IMPATIENT_MILLIS);
                RawClient one = RawClient.connect(impatient.port());
                RawClient other = RawClient.connect(impatient.port());
                RawClient third = RawClient.open(impatient.port())) {
            assertThat(one.value("SELECT 1")).isEqualTo(other.value("SELECT 1"));
            third.send(RawClient.startup(Map.of()));
            List<Reply> replies = third.readToEnd();
            assertThat(replies.toString()).contains("FATAL 53300").contains("Sessions keep 2 of the 2 connections");
        }
    }

    @Test
    void theEndOfAServerProcessIsTheEndOfItsClient() throws Exception {
        try (RawClient client = connect()) {
            shared.servers()
                    .execute(0, "SELECT pg_terminate_backend(" + client.key().processId() + ")");
            assertThat(client.readToEnd().toString()).contains("FATAL 08006");
        }
    }
}
