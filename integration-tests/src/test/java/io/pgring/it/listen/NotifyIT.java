package io.pgring.it.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.NotificationResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** What one client notifies, others hear: whole, in order, once, and at the right moment. */
@ExtendWith(SharedCluster.class)
class NotifyIT {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Cluster cluster;

    NotifyIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void thePgjdbcDriverHears() throws SQLException {
        try (Connection listener = cluster.connect();
                Connection sender = cluster.connect()) {
            Sql.execute(listener, "LISTEN news");
            Sql.execute(sender, "NOTIFY news, 'first'");
            sender.setAutoCommit(false);
            Sql.execute(sender, "SELECT pg_notify('news', 'second')");
            sender.rollback();
            Sql.execute(sender, "SELECT pg_notify('news', 'third')");
            sender.commit();
            assertThat(payloads(listener, 2)).containsExactly("first", "third");
        }
    }

    private static List<String> payloads(Connection listener, int count) throws SQLException {
        List<String> payloads = new ArrayList<>();
        while (payloads.size() < count) {
            PGNotification[] heard = listener.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
            assertThat(heard).as("%s", payloads).isNotEmpty();
            for (PGNotification notification : heard) {
                payloads.add(notification.getParameter());
            }
        }
        return payloads;
    }

    @Test
    void psqlShowsItBehindTheCommand() throws Exception {
        String output = cluster.psql()
                .script("LISTEN news;\nNOTIFY news, 'own';\nBEGIN;\nNOTIFY news;\nSELECT 7;\nCOMMIT;\nUNLISTEN *;\n")
                .output();
        assertThat(output)
                .containsSubsequence(
                        "LISTEN",
                        "NOTIFY",
                        "Asynchronous notification \"news\" with payload \"own\" received from server process with PID",
                        "BEGIN",
                        "COMMIT",
                        "Asynchronous notification \"news\" received from server process with PID",
                        "UNLISTEN");
    }

    @Test
    void aListenerInATransactionHearsAtItsEnd() throws IOException {
        try (RawClient listener = RawClient.connect(cluster.port());
                RawClient witness = RawClient.connect(cluster.port());
                RawClient sender = RawClient.connect(cluster.port())) {
            listener.query("LISTEN moment");
            witness.query("LISTEN moment");
            listener.query("BEGIN");
            sender.query("NOTIFY moment, '1'");
            sender.query("NOTIFY moment, '2'");
            assertThat(hear(witness, 2)).containsExactly("1", "2");
            assertThat(listener.answer("SELECT 5")).last().isEqualTo("Z IN_TRANSACTION");
            assertThat(listener.answer("SELECT 5")).noneMatch(reply -> reply.startsWith("A"));
            List<Reply> end = listener.query("COMMIT");
            List<Reply> heard = end.stream()
                    .filter(reply -> reply.is(BackendType.NOTIFICATION_RESPONSE))
                    .toList();
            assertThat(heard.size() == 2 ? payloads(heard) : hear(listener, 2)).containsExactly("1", "2");
        }
    }

    @Test
    void whatIsNotifiedWhileTheListenCommitsIsHeard() throws IOException {
        try (RawClient listener = RawClient.connect(cluster.port());
                RawClient sender = RawClient.connect(cluster.port())) {
            listener.query("BEGIN");
            listener.query("SELECT 1");
            listener.query("LISTEN early");
            listener.query("COMMIT");
            sender.query("NOTIFY early, 'x'");
            assertThat(hear(listener, 1)).containsExactly("x");
        }
    }

    @Test
    void everyListenerOfEveryProxyHearsAllInOrder() throws Exception {
        int messages = 1_000;
        List<RawClient> listeners = new ArrayList<>();
        try (Cluster second = Cluster.start(plan -> plan.beside(cluster).threads(2));
                RawClient sender = RawClient.connect(cluster.port())) {
            for (int i = 0; i < 50; i++) {
                RawClient listener = RawClient.connect(i % 2 == 0 ? cluster.port() : second.port());
                listeners.add(listener);
                listener.query("LISTEN crowd");
            }
            for (int i = 0; i < messages; i++) {
                sender.query("NOTIFY crowd, '" + i + "'");
            }
            List<String> expected =
                    IntStream.range(0, messages).mapToObj(Integer::toString).toList();
            for (RawClient listener : listeners) {
                assertThat(hear(listener, messages)).isEqualTo(expected);
            }
        } finally {
            for (RawClient listener : listeners) {
                listener.close();
            }
        }
    }

    @Test
    void aTransactionOnOneShardIsHeardWhenItsRowsCanBeSeen() throws IOException {
        String key = cluster.keyOn(2, "seen");
        try (RawClient listener = RawClient.connect(cluster.port());
                RawClient sender = RawClient.connect(cluster.port())) {
            listener.query("LISTEN rows");
            for (int i = 0; i < 50; i++) {
                sender.query("BEGIN");
                sender.query("INSERT INTO kv VALUES ('" + key + "', '" + i
                        + "') ON CONFLICT (key) DO UPDATE SET value = excluded.value");
                sender.query("NOTIFY rows, '" + i + "'");
                assertThat(sender.answer("COMMIT")).containsExactly("C COMMIT", "Z IDLE");
                assertThat(hear(listener, 1)).containsExactly(Integer.toString(i));
                assertThat(listener.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void aTransactionThatHasWrittenOnSeveralShardsMustNotNotify() throws IOException {
        try (RawClient sender = RawClient.connect(cluster.port())) {
            sender.query("BEGIN");
            sender.query("NOTIFY rows");
            for (String key : cluster.keyOnEach("several")) {
                sender.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            }
            assertThat(sender.query("COMMIT").get(0).sqlState()).isEqualTo("0A000");
            assertThat(sender.value("SELECT count(*) FROM kv")).isEqualTo("0");
            assertThat(sender.query("SELECT pg_notify('rows', value) FROM kv")
                            .get(0)
                            .sqlState())
                    .isEqualTo("0A000");
        }
    }

    @Test
    void aTriggerIsHeardFromEveryShard() throws Exception {
        String create = "CREATE TABLE IF NOT EXISTS alarms (key text PRIMARY KEY, value text)";
        try (Cluster own = Cluster.start(plan -> plan.beside(cluster).table("alarms", "key", create))) {
            own.servers()
                    .executeEverywhere("CREATE OR REPLACE FUNCTION alarm() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_notify('alarm', NEW.key); RETURN NULL; END $$;"
                            + " CREATE TRIGGER alarm AFTER INSERT ON alarms FOR EACH ROW EXECUTE FUNCTION alarm()");
            try (RawClient listener = RawClient.connect(own.port());
                    RawClient sender = RawClient.connect(own.port())) {
                listener.query("LISTEN alarm");
                for (String key : own.keyOnEach("alarm")) {
                    assertThat(sender.answer("INSERT INTO alarms VALUES ('" + key + "', 'x')"))
                            .contains("C INSERT 0 1");
                    assertThat(hear(listener, 1)).containsExactly(key);
                }
                sender.query("NOTIFY alarm, 'once'");
                sender.query("NOTIFY alarm, 'end'");
                assertThat(hear(listener, 2)).containsExactly("once", "end");
            } finally {
                own.servers().executeEverywhere("DROP TABLE alarms; DROP FUNCTION alarm()");
            }
        }
    }

    @Test
    void whoHasGoneOrHasUnlistenedIsNotListenedForAnyMore() throws Exception {
        try (RawClient one = RawClient.connect(cluster.port())) {
            RawClient other = RawClient.connect(cluster.port());
            one.query("LISTEN counted1");
            other.query("LISTEN counted1");
            other.query("LISTEN counted2");
            Eventually.succeeds(() -> assertThat(cluster.http().get("/stats").body())
                    .contains("\"notifications\":{\"listeners\":2,\"channels\":2,"));
            other.abort();
            Eventually.succeeds(() -> assertThat(cluster.http().get("/stats").body())
                    .contains("\"notifications\":{\"listeners\":1,\"channels\":1,"));
            one.query("UNLISTEN *");
            Eventually.succeeds(() -> assertThat(cluster.http().get("/stats").body())
                    .contains("\"notifications\":{\"listeners\":0,\"channels\":0,"));
        }
    }

    @Test
    void pgListeningChannelsAmongOthersIsRefused() throws SQLException {
        try (Connection connection = cluster.connect()) {
            assertThatThrownBy(() -> Sql.value(connection, "SELECT count(*) FROM pg_listening_channels()"))
                    .hasMessageContaining("pg_listening_channels() inside of another statement");
        }
    }

    private static List<String> payloads(List<Reply> replies) {
        return replies.stream()
                .map(reply -> ((NotificationResponse) reply.decode()).payload())
                .toList();
    }

    private static List<String> hear(RawClient client, int count) throws IOException {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Reply reply = client.read();
            assertThat(reply.is(BackendType.NOTIFICATION_RESPONSE))
                    .as("%s", reply)
                    .isTrue();
            replies.add(reply);
        }
        return payloads(replies);
    }
}
