package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.demo.FreePort;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A proxy is replaced by another on the same port: clients that connect again when they are sent away notice nothing else. */
@ExtendWith(SharedCluster.class)
class RestartIT {
    private static final int CLIENTS = 12;
    private static final int RESTARTS = 2;

    private final Cluster cluster;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong sentAway = new AtomicLong();
    private volatile boolean enough;

    RestartIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void clientsLoseNothingWhenAProxyIsReplaced(@TempDir Path folder) throws Exception {
        int port = FreePort.choose();
        String listen = "listen: {postgresql: \"127.0.0.1:" + port + "\", http: \"127.0.0.1:" + FreePort.choose()
                + "\", reusePort: true}\nlimits: {drainMillisMax: 600000}\n";
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<ProxyProcess> proxies = new ArrayList<>();
        try {
            proxies.add(proxy(folder, 0, listen));
            List<Future<Long>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(threads.submit(() -> work(port, number)));
            }
            awaitWrites();
            for (int restart = 1; restart <= RESTARTS; restart++) {
                proxies.add(proxy(folder, restart, listen));
                ProxyProcess old = proxies.get(restart - 1);
                old.signal("TERM");
                assertThat(old.finish().exitCode()).isZero();
                awaitWrites();
            }
            enough = true;
            long acknowledged = 0;
            for (Future<Long> client : clients) {
                acknowledged += client.get();
            }
            assertThat(stored()).isEqualTo(acknowledged);
            assertThat(sentAway.get()).isGreaterThanOrEqualTo(CLIENTS);
        } finally {
            enough = true;
            threads.shutdownNow();
            proxies.forEach(ProxyProcess::close);
        }
    }

    private ProxyProcess proxy(Path folder, int number, String more) throws Exception {
        Path own = Files.createDirectory(folder.resolve("proxy" + number));
        return ProxyProcess.start(own, cluster.servers().shards(), more);
    }

    private void awaitWrites() {
        long before = written.get();
        Eventually.holds("clients write", () -> written.get() > before + 20L * CLIENTS || enough);
    }

    private long stored() throws Exception {
        long rows = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            rows += Long.parseLong(cluster.servers().value(shard, "SELECT count(*) FROM kv"));
        }
        return rows;
    }

    /** @return how many rows were acknowledged */
    private long work(int port, int number) throws Exception {
        long rows = 0;
        RawClient client = connect(port);
        try {
            while (!enough) {
                String key = "restart" + number + "_" + rows;
                List<String> statements = rows % 2 == 0
                        ? List.of("INSERT INTO kv VALUES ('" + key + "', 'x')")
                        : List.of("BEGIN", "INSERT INTO kv VALUES ('" + key + "', 'x')", "COMMIT");
                if (run(client, statements)) {
                    rows++;
                    written.incrementAndGet();
                } else {
                    sentAway.incrementAndGet();
                    client.close();
                    client = connect(port);
                }
            }
        } catch (IOException | AssertionError e) {
            enough = true;
            throw e;
        } finally {
            client.close();
        }
        return rows;
    }

    /** @return whether all were acknowledged; if not, the client was sent away */
    private static boolean run(RawClient client, List<String> statements) throws IOException {
        for (int i = 0; i < statements.size(); i++) {
            client.send(Query.of(statements.get(i)));
            Reply fatal = answer(client);
            if (fatal != null && i > 0) {
                throw new AssertionError("sent away in a transaction: " + fatal.text());
            }
            if (fatal != null) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Reply answer(RawClient client) throws IOException {
        while (true) {
            Reply reply = client.read();
            if (reply.is(BackendType.READY_FOR_QUERY)) {
                return null;
            }
            if (reply.is(BackendType.ERROR_RESPONSE)) {
                if (!reply.sqlState().equals("57P01")) {
                    throw new AssertionError(reply.text());
                }
                return reply;
            }
        }
    }

    /** What Linux resets or the old proxy refuses before a session has begun is tried again, as any client would. */
    private static RawClient connect(int port) throws IOException {
        while (true) {
            RawClient client = RawClient.open(port);
            try {
                client.send(RawClient.startup(java.util.Map.of()));
                if (answer(client) == null) {
                    return client;
                }
            } catch (IOException reset) {
                client.close();
                continue;
            }
            client.close();
        }
    }
}
