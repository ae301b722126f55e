package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.proxy.config.PoolConfiguration;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random scripts of messages are answered by the proxy as one PostgreSQL answers them, message by message, while others use the same
 * two server connections per shard.
 */
class DifferentialProtocolIT {
    private static final int SCRIPTS = Integer.getInteger("pgring.it.scripts", 1_500);
    /** The same in every build; other scripts with -Dpgring.it.seed=... */
    private static final long SEED = Long.getLong("pgring.it.seed", 20261122);

    private static final int ANSWER_MILLIS_MAX = 20_000;
    private static final int SHRINKING_MILLIS_MAX = 2_000;
    private static final String TABLES = "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text);"
            + "CREATE TABLE IF NOT EXISTS home (owner text, note text NOT NULL)";

    private static Cluster cluster;
    private static Servers alone;
    private static int alonePort;
    private static int aloneVersion;
    private static int inconclusive;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(plan -> plan.everywhere(TABLES)
                .threads(1)
                .pool(new PoolConfiguration(2, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 5)));
        alone = Servers.running(1);
        alone.execute(0, TABLES);
        alonePort = alone.shards().get(0).port();
        aloneVersion = Integer.parseInt(alone.value(0, "SHOW server_version_num"));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        alone.close();
    }

    @Test
    void randomScriptsAreAnsweredAsByOneServer() throws Exception {
        List<String> differences = new ArrayList<>();
        NoiseClients noise = new NoiseClients(cluster);
        try (noise) {
            Random random = new Random(SEED);
            for (int i = 0; i < SCRIPTS && differences.size() < Integer.getInteger("pgring.it.differences", 1); i++) {
                Script script = script(random.nextLong(), "script" + i + "_", i % cluster.shardCount());
                String difference = difference(script, ANSWER_MILLIS_MAX);
                if (!difference.isEmpty()) {
                    differences.add(difference + "\n" + describe(script));
                }
            }
        }
        assertThat(differences).as("seed %s", SEED).isEmpty();
        assertThat(inconclusive).isLessThan(SCRIPTS / 20);
        assertThat(noise.complaints()).as("seed %s", SEED).isEmpty();
    }

    private static Script script(long seed, String prefix, int shard) {
        List<String> keys = cluster.keysOn(shard, prefix).limit(2).toList();
        return ScriptGenerator.generate(seed, prefix, keys, shard == 0);
    }

    /** The first answer that differs, as both gave it; empty when all are alike. */
    private static String difference(Script script, int millisMax) throws IOException {
        List<String> ofServer = comparable(ScriptRun.of(script, alonePort, millisMax));
        List<String> ofProxy = comparable(ScriptRun.of(script, cluster.port(), millisMax));
        if (ofProxy.toString().contains("touches more than one shard")) {
            inconclusive++;
            return "";
        }
        for (int i = 0; i < Math.max(ofServer.size(), ofProxy.size()); i++) {
            String server = i < ofServer.size() ? ofServer.get(i) : "";
            String proxy = i < ofProxy.size() ? ofProxy.get(i) : "";
            if (!server.equals(proxy) && !isDocumented(server, proxy)) {
                return server + " / " + proxy;
            }
        }
        return "";
    }

    /**
     * Only since PostgreSQL 18 a statement behind others of its pipeline is in a transaction block, as it is behind the proxy: older servers
     * warn of SET LOCAL there.
     */
    private static List<String> comparable(List<String> answers) {
        return aloneVersion >= 180_000
                ? answers
                : answers.stream()
                        .filter(answer -> !answer.startsWith("N WARNING 25P01 SET LOCAL "))
                        .toList();
    }

    /**
     * Where two errors are possible, the proxy may see the other one first: in a transaction that failed before any server had it
     * nobody looks for errors in the statements that are ignored; that a name is taken is known before the statement is parsed.
     */
    private static boolean isDocumented(String ofServer, String ofProxy) {
        return ofServer.startsWith("E ERROR ")
                && (ofProxy.startsWith("E ERROR 25P02") || ofProxy.startsWith("E ERROR 42P05"));
    }

    /** The same difference with fewer steps. */
    private static Script shrink(Script script, String difference) throws IOException, SQLException {
        Script smallest = script;
        for (int length = script.steps().size() / 2; length > 0; length /= 2) {
            for (int from = smallest.steps().size() - length; from >= 0; from--) {
                if (from + length <= smallest.steps().size()) {
                    Script smaller = smallest.without(from, from + length);
                    if (smaller.isWhole() && differenceAfresh(smaller).equals(difference)) {
                        smallest = smaller;
                    }
                }
            }
        }
        return smallest;
    }

    private static String differenceAfresh(Script script) throws IOException, SQLException {
        clean(script);
        return difference(script, SHRINKING_MILLIS_MAX);
    }

    private static void clean(Script script) throws SQLException {
        String clean = "DELETE FROM kv WHERE key LIKE '" + script.prefix() + "%'; DELETE FROM home WHERE owner LIKE '"
                + script.prefix() + "%'";
        cluster.servers().executeEverywhere(clean);
        alone.execute(0, clean);
    }

    /** The shortest script with the same difference; the script itself if it no longer differs. */
    private static String describe(Script script) throws IOException, SQLException {
        String difference = differenceAfresh(script);
        Script shown = difference.isEmpty() ? script : shrink(script, difference);
        clean(shown);
        return shown + "  server:\n    " + String.join("\n    ", ScriptRun.of(shown, alonePort, SHRINKING_MILLIS_MAX))
                + "\n  proxy:\n    " + String.join("\n    ", ScriptRun.of(shown, cluster.port(), SHRINKING_MILLIS_MAX));
    }
}
