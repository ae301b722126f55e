package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Pgbench;
import io.pgring.it.support.Placement;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.SharedCluster;
import io.pgring.proxy.topology.KeyType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the way in, a key is stored once, on the shard that the server's own hash of it and the ring say. All ways together write
 * 100,000 keys of the table {@code kv}.
 */
@ExtendWith(SharedCluster.class)
class PlacementIT {
    private static final int ALL = 100_000;
    private static final int PER_JDBC_WAY = 14_000;
    private static final int BY_HTTP = 5_000;
    private static final int BY_PSQL = 6_000;
    private static final int PGBENCH_CLIENTS = 4;
    private static final int PSQL_STATEMENTS_PER_TEXT = 20;
    private static final String INSERT = "INSERT INTO kv (key, value) VALUES (?, ?)";

    private final Cluster cluster;
    private final Map<String, String> written = new HashMap<>();

    PlacementIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void everyKeyIsFoundOnceWhereItBelongs(@TempDir Path folder) throws Exception {
        writeOneByOne("simple", "preferQueryMode=simple");
        writeOneByOne("extended", "prepareThreshold=0&binaryTransfer=false");
        writeOneByOne("prepared", "prepareThreshold=1&binaryTransfer=true");
        writeBatchesByShard("batch", "prepareThreshold=5");
        writeBatchesByShard("rewritten", "reWriteBatchedInserts=true");
        writeTransactionsByShard("transaction");
        writeByHttp("http");
        writeByPsql("psql");
        writeByPgbench(ALL - written.size(), folder);

        Placement placement = new Placement(cluster, "kv", "key", KeyType.TEXT);
        assertThat(placement.misplaced()).isZero();
        assertThat(placement.rows()).isEqualTo(ALL);
        assertThat(placement.contents()).isEqualTo(written);
    }

    @Test
    void integerKeysToo() throws SQLException {
        Random random = new Random(20);
        Map<String, String> expected = new HashMap<>();
        try (Connection connection = cluster.connect("prepareThreshold=1&binaryTransfer=true");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO events VALUES (?, ?)");
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 5_000; i++) {
                long id = i % 2 == 0 ? random.nextLong() : random.nextInt();
                String note = "number " + i;
                if (expected.putIfAbsent(Long.toString(id), note) == null) {
                    if (i % 3 == 0 && id >= 0) {
                        statement.executeUpdate("INSERT INTO events VALUES (" + id + ", '" + note + "')");
                    } else if (i % 3 == 1) {
                        statement.executeUpdate("INSERT INTO events VALUES ('" + id + "', '" + note + "')");
                    } else {
                        insert.setLong(1, id);
                        insert.setString(2, note);
                        insert.executeUpdate();
                    }
                }
            }
        }
        Placement placement = new Placement(cluster, "events", "id", KeyType.INTEGER);
        assertThat(placement.misplaced()).isZero();
        assertThat(placement.contents()).isEqualTo(expected);
    }

    @Test
    void uuidKeysToo() throws SQLException {
        Random random = new Random(2950);
        Map<String, String> expected = new HashMap<>();
        try (Connection text = cluster.connect("preferQueryMode=simple");
                Connection binary = cluster.connect("prepareThreshold=-1&binaryTransfer=true");
                Statement statement = text.createStatement();
                PreparedStatement insert = binary.prepareStatement("INSERT INTO devices VALUES (?, ?)")) {
            for (int i = 0; i < 3_000; i++) {
                UUID id = new UUID(random.nextLong(), random.nextLong());
                String note = "device " + i;
                expected.put(id.toString(), note);
                switch (i % 4) {
                    case 0 -> statement.executeUpdate("INSERT INTO devices VALUES ('" + id + "', '" + note + "')");
                    case 1 ->
                        statement.executeUpdate("INSERT INTO devices VALUES ('{"
                                + id.toString().toUpperCase(java.util.Locale.ROOT) + "}', '" + note + "')");
                    default -> {
                        insert.setObject(1, id);
                        insert.setString(2, note);
                        insert.executeUpdate();
                    }
                }
            }
        }
        Placement placement = new Placement(cluster, "devices", "id", KeyType.UUID);
        assertThat(placement.misplaced()).isZero();
        assertThat(placement.contents()).isEqualTo(expected);
    }

    private List<String> keys(String prefix, int count) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Keys of various lengths, some of them not ASCII.
            String key = prefix + "_" + i + (i % 7 == 0 ? "_\u00e9\u20ac\ud83d\udc18" : "") + "x".repeat(i % 13);
            keys.add(key);
            written.put(key, "of " + key);
        }
        return keys;
    }

    private Map<Integer, List<String>> keysByShard(String prefix, int count) {
        Map<Integer, List<String>> keys = new HashMap<>();
        keys(prefix, count)
                .forEach(key -> keys.computeIfAbsent(cluster.shardOf(key), shard -> new ArrayList<>())
                        .add(key));
        return keys;
    }

    private void writeOneByOne(String prefix, String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (String key : keys(prefix, PER_JDBC_WAY)) {
                insert.setString(1, key);
                insert.setString(2, "of " + key);
                insert.executeUpdate();
            }
        }
    }

    private void writeBatchesByShard(String prefix, String mode) throws SQLException {
        try (Connection connection = cluster.connect(mode);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (List<String> keys : keysByShard(prefix, PER_JDBC_WAY).values()) {
                writeBatch(insert, keys);
            }
        }
    }

    private void writeTransactionsByShard(String prefix) throws SQLException {
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            for (List<String> keys : keysByShard(prefix, PER_JDBC_WAY).values()) {
                try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                    for (String key : keys) {
                        insert.setString(1, key);
                        insert.setString(2, "of " + key);
                        insert.executeUpdate();
                    }
                }
                connection.commit();
            }
        }
    }

    private static void writeBatch(PreparedStatement insert, List<String> keys) throws SQLException {
        for (String key : keys) {
            insert.setString(1, key);
            insert.setString(2, "of " + key);
            insert.addBatch();
        }
        insert.executeBatch();
    }

    private void writeByHttp(String prefix) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (String key : keys(prefix, BY_HTTP)) {
                String body = "{\"key\":\"" + key + "\",\"value\":\"of " + key + "\"}";
                done.add(
                        threads.submit(() -> cluster.http().post("/write", body).statusCode()));
            }
            for (Future<Integer> one : done) {
                assertThat(one.get()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void writeByPsql(String prefix) throws Exception {
        StringBuilder script = new StringBuilder();
        for (List<String> keys : keysByShard(prefix, BY_PSQL).values()) {
            for (int i = 0; i < keys.size(); i++) {
                boolean last = i % PSQL_STATEMENTS_PER_TEXT == PSQL_STATEMENTS_PER_TEXT - 1 || i == keys.size() - 1;
                script.append("INSERT INTO kv VALUES ('")
                        .append(keys.get(i))
                        .append("', 'of ")
                        .append(keys.get(i))
                        .append(last ? "');\n" : "')\\;\n");
            }
        }
        ProgramResult result = cluster.psql().script(script.toString(), "--quiet", "--set", "ON_ERROR_STOP=1");
        assertThat(result.error()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    /** The numbers are keys as text, in a range of their own for each client of each run. */
    private void writeByPgbench(int count, Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("insert.sql"), """
                \\set n :base + :client_id * 100000 + :slot
                \\set slot :slot + 1
                INSERT INTO kv VALUES (:n::text, 'of ' || :n::text);
                """);
        int left = count / PGBENCH_CLIENTS;
        int base = 0;
        for (String mode : List.of("simple", "extended", "prepared")) {
            int perClient = mode.equals("prepared") ? left : count / PGBENCH_CLIENTS / 3;
            left -= perClient;
            base += 1_000_000;
            ProgramResult result = Pgbench.run(
                    cluster,
                    "--protocol=" + mode,
                    "--client=" + PGBENCH_CLIENTS,
                    "--transactions=" + perClient,
                    "--define=slot=0",
                    "--define=base=" + base,
                    "--file=" + script);
            assertThat(result.exitCode()).as(result.error()).isZero();
            for (int client = 0; client < PGBENCH_CLIENTS; client++) {
                for (int slot = 0; slot < perClient; slot++) {
                    String key = Integer.toString(base + client * 100_000 + slot);
                    written.put(key, "of " + key);
                }
            }
        }
    }
}
