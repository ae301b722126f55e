package io.pgring.it.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Placement;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.CopyData;
import io.pgring.pgwire.frontend.CopyDone;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.proxy.topology.KeyType;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The messages of COPY from the client into several shards, in every order that a client may send them in. */
@ExtendWith(SharedCluster.class)
class CopyProtocolIT {
    private static final String COPY = "COPY kv FROM STDIN";
    private static final String IDLE = "Z IDLE";
    private static final int[] NONE = {};

    private final Cluster cluster;
    private final Placement kv;

    CopyProtocolIT(Cluster cluster) {
        this.cluster = cluster;
        this.kv = new Placement(cluster, "kv", "key", KeyType.TEXT);
    }

    private static CopyData rows(int from, int to) {
        String rows = IntStream.range(from, to)
                .mapToObj(i -> "key " + i + "\tvalue\n")
                .collect(Collectors.joining());
        return new CopyData(rows.getBytes(UTF_8));
    }

    private static List<String> texts(List<Reply> replies) {
        return replies.stream().map(Reply::text).toList();
    }

    private static FrontendMessage[] extended(FrontendMessage... then) {
        FrontendMessage[] all = new FrontendMessage[then.length + 3];
        all[0] = new Parse("", COPY.getBytes(UTF_8), NONE);
        all[1] = new Bind("", "", NONE, new byte[0][], NONE);
        all[2] = new Execute("", 0);
        System.arraycopy(then, 0, all, 3, then.length);
        return all;
    }

    // ---- without errors ---------------------------------------------------------------------------------------------

    @Test
    void aSimpleQuery() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of(COPY), rows(0, 500), rows(500, 1_000), new CopyDone());
            assertThat(texts(client.readToReady())).containsExactly("G .......", "C COPY 1000", IDLE);
        }
        assertThat(kv.misplaced()).isZero();
        assertThat(kv.rows()).isEqualTo(1_000);
    }

    @Test
    void anExtendedQueryWhoseSyncComesBehindTheData() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(extended(rows(0, 1_000), new Flush(), new CopyDone(), new Sync()));
            assertThat(texts(client.readToReady())).containsExactly("1 ", "2 ", "G .......", "C COPY 1000", IDLE);
        }
        assertThat(kv.rows()).isEqualTo(1_000);
    }

    /** A server that waits for data ignores the first Sync. */
    @Test
    void anExtendedQueryWithASyncInFrontOfTheData() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(extended(new Sync(), rows(0, 1_000), new CopyDone(), new Sync()));
            assertThat(texts(client.readToReady())).containsExactly("1 ", "2 ", "G .......", "C COPY 1000", IDLE);
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("1000");
        }
    }

    @Test
    void aRowLimitOfExecuteMeansNothing() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(
                    new Parse("", COPY.getBytes(UTF_8), NONE),
                    new Bind("", "", NONE, new byte[0][], NONE),
                    new Execute("", 1),
                    rows(0, 10),
                    new CopyDone(),
                    new Sync());
            assertThat(texts(client.readToReady())).contains("C COPY 10");
        }
    }

    // ---- with errors ------------------------------------------------------------------------------------------------

    @Test
    void dataBehindAnErrorIsIgnored() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of(COPY), rows(0, 100), new CopyData("only one column\n".getBytes(UTF_8)));
            assertThat(texts(client.readToReady())).hasSize(3).endsWith(IDLE).anyMatch(text -> text.contains("22P04"));
            client.send(rows(100, 200), new CopyDone(), Query.of("SELECT count(*) FROM kv"));
            assertThat(texts(client.readToReady())).contains("D ......0", IDLE);
        }
        assertThat(kv.rows()).isZero();
    }

    @Test
    void inTheExtendedProtocolAllUpToTheSyncIsIgnored() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(extended(rows(0, 100), rows(0, 100), rows(200, 300), new CopyDone()));
            client.send(extended(new Sync()));
            assertThat(texts(client.readToReady()))
                    .hasSize(5)
                    .startsWith("1 ", "2 ", "G .......")
                    .endsWith(IDLE)
                    .anyMatch(text -> text.contains("23505"));
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    @Test
    void copyFailUndoesAll() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of(COPY), rows(0, 5_000), new CopyFail("changed my mind"));
            assertThat(texts(client.readToReady()))
                    .containsExactly("G .......", "E ERROR 57014 COPY from stdin failed: changed my mind", IDLE);
            client.send(extended(rows(0, 10), new CopyFail("again"), new Sync()));
            assertThat(texts(client.readToReady())).endsWith("E ERROR 57014 COPY from stdin failed: again", IDLE);
        }
        assertThat(kv.rows()).isZero();
    }

    @Test
    void anotherMessageInTheMiddleEndsIt() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of(COPY), rows(0, 10), Query.of("SELECT 1"));
            assertThat(texts(client.readToReady()))
                    .contains(
                            "E ERROR 57014 COPY from stdin failed: unexpected message type 0x51 during COPY from stdin");
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    @Test
    void amongOtherStatementsItIsRefused() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of("SELECT 1; " + COPY), rows(0, 10), new CopyDone());
            assertThat(client.readToReady().get(0).sqlState()).isEqualTo("0A000");
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    // ---- the end in the middle --------------------------------------------------------------------------------------

    @Test
    void cancelInTheMiddle() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of(COPY), rows(0, 10_000));
            assertThat(client.read().type()).isEqualTo(BackendType.COPY_IN_RESPONSE);
            RawClient.cancel(cluster.port(), client.key());
            assertThat(texts(client.readToReady()))
                    .containsExactly("E ERROR 57014 canceling statement due to user request", IDLE);
            client.send(rows(10_000, 20_000), new CopyDone());
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("0");
        }
    }

    @Test
    void theClientVanishesInTheMiddle() throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            RawClient client = RawClient.connect(cluster.port());
            client.send(Query.of(COPY), rows(0, 10_000));
            assertThat(client.read().type()).isEqualTo(BackendType.COPY_IN_RESPONSE);
            byte[] half = RawClient.bytes(rows(10_000, 20_000));
            client.sendBytes(java.util.Arrays.copyOf(half, half.length / 2));
            if (reset) {
                client.abort();
            } else {
                client.close();
            }
            Eventually.holds(
                    "no server waits for data", () -> waitingForData(0) + waitingForData(1) + waitingForData(2) == 0);
        }
        assertThat(kv.rows()).isZero();
    }

    @Test
    void aServerProcessEndsInTheMiddle() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of(COPY), rows(0, 10_000));
            assertThat(client.read().type()).isEqualTo(BackendType.COPY_IN_RESPONSE);
            cluster.servers()
                    .value(
                            1,
                            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                                    + " WHERE query LIKE 'COPY kv%' AND state = 'active'");
            client.send(rows(10_000, 20_000));
            List<Reply> replies = client.readToReady();
            assertThat(replies).hasSize(2);
            assertThat(replies.get(0).sqlState()).isIn("57P01", "08006");
            client.send(new CopyDone());
            assertThat(client.value("SELECT count(*) FROM kv")).isEqualTo("0");
        }
        assertThat(kv.rows()).isZero();
    }

    private long waitingForData(int shard) throws Exception {
        return Long.parseLong(cluster.servers()
                .value(shard, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY kv%' AND state <> 'idle'"));
    }

    // ---- back-pressure ----------------------------------------------------------------------------------------------

    /** While one shard waits for a lock, the client can't send more than buffers hold. */
    @Test
    void aShardThatWaitsHoldsTheClientBack() throws Exception {
        try (RawClient owner = RawClient.connect(cluster.port());
                RawClient client = RawClient.connect(cluster.port())) {
            owner.query("BEGIN");
            owner.query("INSERT INTO kv VALUES ('key 0', 'first')");
            Thread sender = new Thread(() -> send(client));
            sender.start();
            Eventually.holds(
                    "a shard waits",
                    () -> cluster.servers()
                            .value(
                                    cluster.shardOf("key 0"),
                                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid'")
                            .equals("1"));
            owner.query("ROLLBACK");
            assertThat(texts(client.readToReady())).contains("C COPY 1000000");
            sender.join();
        }
        assertThat(kv.rows()).isEqualTo(1_000_000);
        assertThat(kv.misplaced()).isZero();
    }

    private static void send(RawClient client) {
        try {
            client.send(Query.of(COPY));
            for (int i = 0; i < 1_000; i++) {
                client.send(rows(i * 1_000, (i + 1) * 1_000));
            }
            client.send(new CopyDone());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
