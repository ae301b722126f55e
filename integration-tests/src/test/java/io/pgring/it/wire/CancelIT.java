package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.Terminate;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A CancelRequest ends the statement it is meant for, and no other; here all clients share one server connection per shard. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CancelIT {
    private static final int ROUNDS = 200;
    private static final String SLOW = "SELECT pg_sleep(300) FROM kv WHERE key = '";

    private final Cluster cluster;
    private final Cluster narrow;
    private final String key;

    CancelIT(Cluster cluster) throws Exception {
        this.cluster = cluster;
        this.narrow = Cluster.start(plan -> plan.beside(cluster)
                .threads(1)
                .pool(new PoolConfiguration(1, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200)));
        this.key = cluster.keyOn(1, "cancel");
    }

    @BeforeEach
    void row() throws Exception {
        cluster.servers().execute(1, "INSERT INTO kv VALUES ('" + key + "', 'x')");
    }

    @AfterAll
    void stop() throws Exception {
        narrow.close();
    }

    @Test
    void theOwnKeyCancelsTheOwnStatement() throws IOException {
        for (int minor : List.of(0, 2)) {
            try (RawClient client = RawClient.open(narrow.port())) {
                client.send(new StartupMessage(3, minor, Map.of("user", "postgres", "database", "postgres")));
                client.readToReady();
                client.send(Query.of(SLOW + key + "'"));
                awaitSleepers(1);
                RawClient.cancel(narrow.port(), client.key());
                assertCancelled(client.readToReady());
                assertThat(client.value("SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void aCancelledTransactionHasFailed() throws IOException {
        try (RawClient client = RawClient.connect(narrow.port())) {
            client.query("BEGIN");
            client.query("UPDATE kv SET value = 'undone' WHERE key = '" + key + "'");
            client.send(Query.of(SLOW + key + "'"));
            awaitSleepers(1);
            RawClient.cancel(narrow.port(), client.key());
            assertThat(client.readToReady()).last().extracting(Reply::text).isEqualTo("Z FAILED");
            assertThat(client.answer("COMMIT")).containsExactly("C ROLLBACK", "Z IDLE");
            assertThat(client.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                    .isEqualTo("x");
        }
    }

    @Test
    void aWrongKeyDoesNothing() throws IOException {
        try (RawClient client = RawClient.connect(narrow.port())) {
            client.send(Query.of(SLOW + key + "'"));
            awaitSleepers(1);
            byte[] wrong = client.key().secretKey().clone();
            wrong[0] ^= 1;
            RawClient.cancel(narrow.port(), new BackendKeyData(client.key().processId(), wrong));
            RawClient.cancel(
                    narrow.port(),
                    new BackendKeyData(
                            client.key().processId() ^ 1, client.key().secretKey()));
            RawClient.cancel(narrow.port(), new BackendKeyData(client.key().processId(), new byte[256]));
            awaitSleepers(1);
            assertThat(client.hasInput()).isFalse();
            RawClient.cancel(narrow.port(), client.key());
            assertCancelled(client.readToReady());
        }
    }

    @Test
    void bytesBehindTheCancelRequestAreIgnored() throws IOException {
        try (RawClient client = RawClient.connect(narrow.port());
                RawClient other = RawClient.open(narrow.port())) {
            client.send(Query.of(SLOW + key + "'"));
            awaitSleepers(1);
            other.send(new CancelRequest(client.key().processId(), client.key().secretKey()));
            other.send(new Terminate());
            assertCancelled(client.readToReady());
            assertThat(other.readToEnd()).isEmpty();
        }
    }

    /** The statement may be over when the request comes: whoever has the server connection next must not feel it. */
    @Test
    void aLateCancelHitsNobodyElse() throws Exception {
        try (RawClient fickle = RawClient.connect(narrow.port());
                RawClient innocent = RawClient.connect(narrow.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                fickle.send(Query.of("SELECT value FROM kv WHERE key = '" + key + "'"));
                innocent.send(Query.of("SELECT pg_sleep(0.002), value FROM kv WHERE key = '" + key + "'"));
                if (round % 2 == 0) {
                    fickle.readToReady();
                }
                try (RawClient other = RawClient.open(narrow.port())) {
                    other.send(new CancelRequest(
                            fickle.key().processId(), fickle.key().secretKey()));
                    if (round % 2 != 0) {
                        fickle.readToReady();
                    }
                    assertThat(innocent.readToReady())
                            .as("round %s", round)
                            .noneMatch(reply -> reply.is(BackendType.ERROR_RESPONSE));
                    other.readToEnd();
                }
            }
            assertThat(fickle.value("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aClientThatWaitsForAServerConnectionIsCancelledInTheQueue() throws IOException {
        try (RawClient owner = RawClient.connect(narrow.port());
                RawClient waiting = RawClient.connect(narrow.port())) {
            owner.query("BEGIN");
            owner.query("SELECT 1 FROM kv WHERE key = '" + key + "'");
            waiting.send(Query.of("SELECT value FROM kv WHERE key = '" + key + "'"));
            Eventually.holds(
                    "the client waits", () -> narrow.http().get("/stats").body().contains("\"waiting\":1"));
            RawClient.cancel(narrow.port(), waiting.key());
            assertCancelled(waiting.readToReady());
            owner.query("COMMIT");
            assertThat(waiting.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                    .isEqualTo("x");
        }
    }

    private static void assertCancelled(List<Reply> replies) {
        assertThat(replies)
                .anyMatch(reply ->
                        reply.is(BackendType.ERROR_RESPONSE) && reply.sqlState().equals("57014"));
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z IDLE");
    }

    private void awaitSleepers(int count) {
        Eventually.holds(
                "statement runs",
                () -> cluster.servers()
                        .value(1, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals(Integer.toString(count)));
    }
}
