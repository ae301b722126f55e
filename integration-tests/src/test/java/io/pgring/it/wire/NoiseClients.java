package io.pgring.it.wire;

import io.pgring.it.support.Cluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Clients that use the same server connections as the client under test, with settings, statements and errors of their own. */
public final class NoiseClients implements AutoCloseable {
    private static final int CLIENTS = 2;

    private final Cluster cluster;
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    /** Starts them. */
    public NoiseClients(Cluster cluster) {
        this.cluster = cluster;
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            threads.execute(() -> run(number));
        }
    }

    private void run(int number) {
        try (RawClient client =
                RawClient.connect(cluster.port(), Map.of("application_name", "noise" + number, "work_mem", "9MB"))) {
            List<String> keys = cluster.keyOnEach("noise" + number + "_");
            for (int round = 0; !stopped; round++) {
                round(client, keys.get(round % keys.size()), round);
            }
        } catch (IOException | RuntimeException | Error e) {
            complaints.add("client " + number + ": " + e);
        }
    }

    private void round(RawClient client, String key, int round) throws IOException {
        client.query("INSERT INTO kv VALUES ('" + key + "', '" + key + "') ON CONFLICT DO NOTHING");
        expect(client.value("SELECT value FROM kv WHERE key = '" + key + "'"), key);
        client.query("BEGIN");
        client.query("SET LOCAL statement_timeout = 12345");
        client.query("UPDATE kv SET value = 'undone' WHERE key = '" + key + "'");
        client.query(round % 2 == 0 ? "SELECT 1 / 0" : "SAVEPOINT a");
        client.query("ROLLBACK");
        expect(client.value("SELECT value FROM kv WHERE key = '" + key + "'"), key);
        expect(client.value("SHOW work_mem"), "9MB");
        expect(client.value("SHOW statement_timeout"), "0");
    }

    private void expect(String found, String wanted) {
        if (!found.equals(wanted)) {
            complaints.add("found " + found + " in place of " + wanted);
        }
    }

    /** What went wrong for them. */
    public List<String> complaints() {
        return new ArrayList<>(complaints);
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
                complaints.add("a client hangs");
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            threads.shutdownNow();
        }
    }
}
