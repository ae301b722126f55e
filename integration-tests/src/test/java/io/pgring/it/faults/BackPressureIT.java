package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Far more bytes than the proxy has memory pass through it, and whoever takes them slowly slows down nobody else. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackPressureIT {
    private static final int VALUE_BYTES = 50_000_000;
    /** Of a DataRow with a second column of one character. */
    private static final int ROW_OVERHEAD_BYTES = 16;

    private static final int[] TEXT = {};

    private final Cluster cluster;
    private ProxyProcess proxy;
    private String key;

    BackPressureIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        proxy = ProxyProcess.start(
                folder,
                cluster.servers().shards(),
                "limits: {messageBytesMax: 1000000}\n",
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=64m");
    }

    @BeforeEach
    void row() throws Exception {
        key = cluster.keyOn(2, "pressure");
        cluster.servers().execute(2, "INSERT INTO kv VALUES ('" + key + "', 'x')");
    }

    @AfterEach
    void memorySufficed() {
        assertThat(proxy.log()).doesNotContain("OutOfMemory").doesNotContain("level=ERROR");
    }

    @AfterAll
    void stop() {
        proxy.close();
    }

    @Test
    void valuesLargerThanTheMemoryAreWrittenAndReadBack() throws Exception {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (String large : cluster.keyOnEach("large")) {
            clients.add(CompletableFuture.runAsync(() -> writeAndRead(large)));
        }
        for (CompletableFuture<Void> client : clients) {
            client.join();
        }
    }

    private void writeAndRead(String large) {
        byte[] value = new byte[VALUE_BYTES];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) ('a' + (i * 31L + large.length()) % 26);
        }
        byte[][] parameters = {large.getBytes(StandardCharsets.UTF_8), value};
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send(
                    parse("INSERT INTO kv VALUES ($1, $2)"),
                    new Bind("", "", TEXT, parameters, TEXT),
                    new Execute("", 0),
                    new Sync());
            assertThat(client.readToReady())
                    .extracting(Reply::text)
                    .containsExactly("1 ", "2 ", "C INSERT 0 1", "Z IDLE");
            List<Reply> read = client.query("SELECT value FROM kv WHERE key = '" + large + "'");
            byte[] found = ((DataRow) read.get(1).decode()).values()[0];
            assertThat(Arrays.equals(found, value)).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobodyElse() throws Exception {
        long rows = 2_000;
        int rowBytes = 100_000;
        try (RawClient slow = RawClient.open(proxy.port(), 16_384);
                RawClient quick = RawClient.connect(proxy.port())) {
            slow.send(RawClient.startup(java.util.Map.of()));
            slow.readToReady();
            slow.send(Query.of("SELECT repeat('x', " + rowBytes + "), 0 * generate_series(1, " + rows
                    + ") FROM kv WHERE key = '" + key + "'"));
            assertThat(slow.read().type()).isEqualTo(BackendType.ROW_DESCRIPTION);
            for (int i = 0; i < 200; i++) {
                assertThat(quick.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                        .isEqualTo("x");
            }
            slow.skip(rows * (rowBytes + ROW_OVERHEAD_BYTES));
            assertThat(slow.readToReady()).extracting(Reply::text).containsExactly("C SELECT " + rows, "Z IDLE");
        }
    }

    @Test
    void aLongPipelineMayBeSentBeforeItsAnswersAreRead() throws Exception {
        int count = 20_000;
        byte[][] parameters = {key.getBytes(StandardCharsets.UTF_8)};
        byte[] one = RawClient.bytes(new Bind("", "s", TEXT, parameters, TEXT), new Execute("", 0), new Sync());
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send(
                    new Parse(
                            "s",
                            "SELECT repeat(value, 1000) FROM kv WHERE key = $1".getBytes(StandardCharsets.UTF_8),
                            TEXT),
                    new Sync());
            client.readToReady();
            CountDownLatch muchWasSent = new CountDownLatch(count / 20);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        client.sendBytes(one);
                        muchWasSent.countDown();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            muchWasSent.await();
            for (int i = 0; i < count; i++) {
                List<Reply> replies = client.readToReady();
                assertThat(replies).hasSize(4);
                assertThat(replies.get(1).value()).hasSize(1000);
            }
            writing.join();
        }
    }

    @Test
    void aMessageAboveTheLimitIsRefusedAndTheSessionGoesOn() throws Exception {
        String literal = "'" + "x".repeat(2_000_000) + "'";
        byte[][] keyBehind = {new byte[2_000_000], key.getBytes(StandardCharsets.UTF_8)};
        Arrays.fill(keyBehind[0], (byte) 'x');
        try (RawClient client = RawClient.connect(proxy.port())) {
            client.send(Query.of("UPDATE kv SET value = " + literal + " WHERE key = '" + key + "'"));
            assertRefused(client.readToReady());
            client.send(parse("UPDATE kv SET value = " + literal + " WHERE key = $1"), new Sync());
            assertRefused(client.readToReady());
            client.send(
                    parse("UPDATE kv SET value = $1 WHERE key = $2"),
                    new Bind("", "", TEXT, keyBehind, TEXT),
                    new Execute("", 0),
                    new Sync());
            assertRefused(client.readToReady());
            assertThat(client.value("SELECT value FROM kv WHERE key = '" + key + "'"))
                    .isEqualTo("x");
        }
    }

    private static void assertRefused(List<Reply> replies) {
        Reply error = replies.stream()
                .filter(reply -> reply.is(BackendType.ERROR_RESPONSE))
                .findFirst()
                .orElseThrow();
        assertThat(error.sqlState()).isEqualTo("54000");
        assertThat(error.error().fields().hint()).isNotNull();
        assertThat(replies).last().extracting(Reply::text).isEqualTo("Z IDLE");
    }

    private static Parse parse(String sql) {
        return new Parse("", sql.getBytes(StandardCharsets.UTF_8), TEXT);
    }
}
