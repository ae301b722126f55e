package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Pgbench;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.SharedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** pgbench finds no difference to a server, in any of its three protocols. */
@ExtendWith(SharedCluster.class)
class PgbenchIT {
    private static final int KEYS = 1_000;
    private static final int CLIENTS = 8;
    private static final int TRANSACTIONS = 300;

    private static final String READ = """
            \\set k random(1, 1000)
            SELECT value FROM kv WHERE key = :k::text;
            """;

    private static final String WRITE = """
            \\set k random(1, 1000)
            \\set v random(1, 1000000)
            UPDATE kv SET value = :v::text WHERE key = :k::text;
            """;

    private static final String TRANSACTION = """
            \\set k random(1, 1000)
            \\set n :base + :client_id * 100000 + :slot
            \\set slot :slot + 1
            BEGIN;
            INSERT INTO kv VALUES (:n::text, 'new');
            SELECT value FROM kv WHERE key = :n::text;
            END;
            """;

    private static final String PIPELINE = """
            \\set k random(1, 1000)
            \\startpipeline
            SELECT value FROM kv WHERE key = :k::text;
            UPDATE kv SET value = value WHERE key = :k::text;
            SELECT value FROM kv WHERE key = :k::text;
            \\endpipeline
            """;

    @TempDir
    Path folder;

    private final Cluster cluster;

    PgbenchIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void rows() throws SQLException {
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            int here = shard;
            List<String> values = new ArrayList<>();
            cluster.keysOn(shard, "")
                    .takeWhile(key -> Integer.parseInt(key) <= 10 * KEYS)
                    .filter(key -> Integer.parseInt(key) >= 1 && Integer.parseInt(key) <= KEYS)
                    .forEach(key -> values.add("('" + key + "', 'on " + here + "')"));
            cluster.servers().execute(shard, "INSERT INTO kv VALUES " + String.join(", ", values));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "prepared"})
    void readsWritesAndTransactions(String protocol) throws Exception {
        ProgramResult result = run(
                protocol,
                "--file=" + script("read", READ) + "@6",
                "--file=" + script("write", WRITE) + "@2",
                "--file=" + script("transaction", TRANSACTION) + "@2");

        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(result.output())
                .contains("number of transactions actually processed: " + CLIENTS * TRANSACTIONS + "/")
                .contains("number of failed transactions: 0 (");
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "prepared"})
    void pipelines(String protocol) throws Exception {
        ProgramResult result = run(protocol, "--file=" + script("pipeline", PIPELINE));

        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(result.output()).contains("number of failed transactions: 0 (");
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "prepared"})
    void aNewConnectionForEachTransaction(String protocol) throws Exception {
        ProgramResult result = Pgbench.run(
                cluster,
                "--protocol=" + protocol,
                "--connect",
                "--client=4",
                "--transactions=50",
                "--file=" + script("read", READ));

        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(result.output()).contains("number of transactions actually processed: 200/200");
    }

    private ProgramResult run(String protocol, String... files) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--protocol=" + protocol,
                "--client=" + CLIENTS,
                "--jobs=2",
                "--transactions=" + TRANSACTIONS,
                "--define=slot=0",
                "--define=base=" + 1_000_000));
        arguments.addAll(List.of(files));
        return Pgbench.run(cluster, arguments.toArray(String[]::new));
    }

    private Path script(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name + ".sql"), text);
    }
}
