package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.CopyData;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Clients vanish in the middle of something. What they had not committed is undone, and the next client on the only server
 * connection sees nothing of it.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientGoneIT {
    private static final int[] NONE = {};

    private final Cluster cluster;
    private final Cluster narrow;
    private final String key;

    ClientGoneIT(Cluster cluster) throws Exception {
        this.cluster = cluster;
        this.narrow = Cluster.start(plan -> plan.beside(cluster)
                .everywhere("CREATE TABLE IF NOT EXISTS copied (line text)")
                .threads(1)
                .pool(new PoolConfiguration(1, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200)));
        this.key = cluster.keyOn(0, "gone");
    }

    @BeforeEach
    void row() throws Exception {
        cluster.servers().execute(0, "TRUNCATE copied; INSERT INTO kv VALUES ('" + key + "', 'x')");
    }

    @AfterAll
    void stop() throws Exception {
        narrow.close();
        cluster.servers().executeEverywhere("DROP TABLE copied");
    }

    /** What a client does before it vanishes. */
    private interface Deed {
        void on(RawClient client) throws IOException;
    }

    private void vanish(Deed deed) throws IOException {
        for (boolean reset : new boolean[] {false, true}) {
            RawClient client = RawClient.connect(narrow.port());
            client.query("SET statement_timeout = 54321");
            deed.on(client);
            if (reset) {
                client.abort();
            } else {
                client.close();
            }
            try (RawClient next = RawClient.connect(narrow.port())) {
                assertThat(next.answer("SELECT value FROM kv WHERE key = '" + key + "'"))
                        .endsWith("D ......x", "C SELECT 1", "Z IDLE");
                assertThat(next.value("SELECT current_setting('statement_timeout') FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo("0");
            }
            Eventually.holds(
                    "nothing is left behind",
                    () -> cluster.servers()
                            .value(
                                    0,
                                    "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                                            + " AND (state LIKE 'idle in%' OR state = 'active') AND backend_type = 'client backend'")
                            .equals("0"));
        }
    }

    private String update() {
        return "UPDATE kv SET value = 'undone' WHERE key = '" + key + "'";
    }

    @Test
    void inATransaction() throws IOException {
        vanish(client -> {
            client.query("BEGIN");
            client.query(update());
        });
    }

    @Test
    void inAFailedTransaction() throws IOException {
        vanish(client -> {
            client.query("BEGIN");
            client.query(update());
            client.query("SELECT nosuch FROM kv WHERE key = '" + key + "'");
        });
    }

    @Test
    void inTheMiddleOfAStatement() throws IOException {
        vanish(client -> {
            client.query("BEGIN");
            client.query(update());
            client.send(Query.of("SELECT pg_sleep(300) FROM kv WHERE key = '" + key + "'"));
            Eventually.holds(
                    "the statement runs",
                    () -> cluster.servers()
                            .value(0, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                            .equals("1"));
        });
    }

    @Test
    void inAPipelineWithoutItsSync() throws IOException {
        vanish(client -> {
            client.send(
                    new Parse("", update().getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("", "", NONE, new byte[0][], NONE),
                    new Execute("", 0),
                    new Flush());
            for (byte type = 0; type != BackendType.COMMAND_COMPLETE; ) {
                type = client.read().type();
            }
        });
    }

    @Test
    void inTheMiddleOfAMessage() throws IOException {
        byte[] query = RawClient.bytes(Query.of(update()));
        vanish(client -> client.sendBytes(Arrays.copyOf(query, query.length - 1)));
        vanish(client -> {
            client.query("BEGIN");
            client.query("SELECT value FROM kv WHERE key = '" + key + "'");
            client.sendBytes(Arrays.copyOf(query, query.length - 1));
        });
    }

    /** The first part of a long Bind is with the server already. */
    @Test
    void inTheMiddleOfALongBind() throws IOException {
        byte[][] parameters = {key.getBytes(StandardCharsets.UTF_8), new byte[1_000_000]};
        Arrays.fill(parameters[1], (byte) 'x');
        byte[] bind = RawClient.bytes(new Bind("", "", NONE, parameters, NONE), new Execute("", 0), new Sync());
        vanish(client -> {
            client.send(
                    new Parse("", "UPDATE kv SET value = $2 WHERE key = $1".getBytes(StandardCharsets.UTF_8), NONE));
            client.sendBytes(Arrays.copyOf(bind, 500_000));
        });
    }

    @Test
    void inTheMiddleOfCopyIn() throws Exception {
        byte[] half = Arrays.copyOf(RawClient.bytes(new CopyData(new byte[1_000])), 500);
        vanish(client -> {
            client.send(Query.of("COPY copied FROM STDIN"));
            assertThat(client.read().type()).isEqualTo(BackendType.COPY_IN_RESPONSE);
            client.send(new CopyData("one\ntwo\n".getBytes(StandardCharsets.UTF_8)));
            client.sendBytes(half);
        });
        assertThat(cluster.servers().value(0, "SELECT count(*) FROM copied")).isEqualTo("0");
    }

    @Test
    void inTheMiddleOfItsRows() throws IOException {
        vanish(client -> {
            client.send(
                    Query.of("SELECT repeat('x', 100000), generate_series(1, 2000) FROM kv WHERE key = '" + key + "'"));
            client.read();
        });
    }

    /** A client that waits for the server connection is taken out of the queue. */
    @Test
    void inTheQueue() throws IOException {
        try (RawClient owner = RawClient.connect(narrow.port())) {
            owner.query("BEGIN");
            owner.query("SELECT value FROM kv WHERE key = '" + key + "'");
            for (int i = 0; i < 5; i++) {
                RawClient waiting = RawClient.connect(narrow.port());
                waiting.send(Query.of(update()));
                waiting.close();
            }
            owner.query("COMMIT");
        }
        try (RawClient next = RawClient.connect(narrow.port())) {
            assertThat(next.value("SELECT 1")).isEqualTo("1");
        }
        Eventually.holds(
                "nobody waits", () -> narrow.http().get("/stats").body().contains("\"waiting\":0"));
    }
}
