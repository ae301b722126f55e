package io.pgring.it.wire;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.ScriptWriter.Terrain;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Lets one server and the proxy answer the same scripts, and shows the shortest script whose answers differ. Any number of threads. */
final class ScriptComparison {
    private static final int ANSWER_MILLIS_MAX = 20_000;
    private static final int SHRINKING_MILLIS_MAX = 2_000;
    private static final long IDS_PER_SCRIPT = 1_000;
    private static final int KEYS = 3;
    private static final List<Terrain> TERRAINS = List.of(Terrain.values());
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'|\\d+");
    private static final Pattern PORTAL = Pattern.compile("W (unnamed portal|portal \"[^\"]*\") parameter");
    private static final Pattern LOCAL = Pattern.compile("^N WARNING 25P01 SET LOCAL ");
    private static final Pattern REPEATED =
            Pattern.compile("^N WARNING (25P01 SET TRANSACTION|25001 there is already a) ");
    private static final Pattern TAKEN = Pattern.compile("Key \\(id\\)=\\(\\d+\\)");
    private static final Pattern LINE = Pattern.compile("W COPY kv, line \\d+.*", Pattern.DOTALL);
    private static final Pattern WHO_SAYS =
            Pattern.compile(" \\| Shard \"[^\"]*\" says so\\. Nothing of the transaction was committed\\.");
    private static final Pattern AS_RECEIVED = Pattern.compile("\nlines as shard \"[^\"]*\" has received them");

    private final long seed;
    private final Cluster cluster;
    private final Servers alone;
    private final int alonePort;
    private final boolean warnsOfLocal;
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final Map<Leeway, Integer> leeways = new ConcurrentHashMap<>();

    /**
     * @param seed from which the seeds of all scripts come
     * @param cluster the proxy and its servers
     * @param alone the server that is right
     */
    ScriptComparison(long seed, Cluster cluster, Servers alone) throws SQLException {
        this.seed = seed;
        this.cluster = cluster;
        this.alone = alone;
        this.alonePort = alone.shards().get(0).port();
        this.warnsOfLocal = Integer.parseInt(alone.value(0, "SHOW server_version_num")) < 180_000;
    }

    /** How many scripts met a statement that the proxy refuses, by the words of the refusal. */
    Map<String, Integer> refusals() {
        return refusals;
    }

    /** How often the proxy's answer was another one, and right all the same. */
    Map<Leeway, Integer> leeways() {
        return new TreeMap<>(leeways);
    }

    private static Terrain terrain(int number) {
        return TERRAINS.get(number % TERRAINS.size());
    }

    private Script script(int number) {
        String prefix = "script" + number + "_";
        Terrain terrain = terrain(number);
        long firstId = number * IDS_PER_SCRIPT;
        LongStream numbers = LongStream.range(firstId, firstId + IDS_PER_SCRIPT);
        List<String> keys = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        if (terrain == Terrain.SPREAD) {
            for (int shard = 0; shard < KEYS; shard++) {
                int wanted = shard;
                keys.add(cluster.keyOn(shard, prefix));
                ids.add(LongStream.range(firstId, firstId + IDS_PER_SCRIPT)
                        .filter(id -> cluster.shardOf(id) == wanted)
                        .findFirst()
                        .orElseThrow());
            }
        } else {
            int shard = terrain == Terrain.HOME ? 0 : 1 + number % (cluster.shardCount() - 1);
            cluster.keysOn(shard, prefix).limit(KEYS).forEach(keys::add);
            numbers.filter(id -> cluster.shardOf(id) == shard).limit(KEYS).forEach(ids::add);
        }
        long own = new Random(seed * 1_000_003 + number).nextLong();
        return ScriptGenerator.generate(own, prefix, terrain, keys, ids, firstId);
    }

    /** Compares one script; the first answer that differs, and the shortest script with the same difference; null when all are alike. */
    @Nullable
    String compare(int number) throws IOException, SQLException {
        Script script = script(number);
        String difference = difference(script, terrain(number), ANSWER_MILLIS_MAX, true);
        if (difference.isEmpty()) {
            return null;
        }
        String head = "script " + number + ": " + difference + "\n";
        try {
            return head + describe(script, number);
        } catch (IOException | SQLException e) {
            return head + e + "\n" + script;
        }
    }

    /** The first answer that differs, as both gave it; empty when all are alike. */
    private String difference(Script script, Terrain terrain, int millisMax, boolean counted) throws IOException {
        boolean spread = terrain != Terrain.HOME;
        List<String> ofServer = comparable(ScriptRun.of(script, alonePort, millisMax), spread);
        List<String> ofProxy = comparable(ScriptRun.of(script, cluster.port(), millisMax), spread);
        int dropped = 0;
        for (int i = 0; i < Math.max(ofServer.size() - dropped, ofProxy.size()); i++) {
            String proxy = i < ofProxy.size() ? ofProxy.get(i) : "";
            if (spread && proxy.startsWith("E ")) {
                dropped += rowsAt(ofServer, i + dropped);
            }
            String server = i + dropped < ofServer.size() ? ofServer.get(i + dropped) : "";
            if (server.equals(proxy)) {
                continue;
            }
            Leeway leeway = Leeway.of(server, proxy);
            if (leeway == null) {
                return server + " / " + proxy;
            }
            if (counted) {
                count(leeway, proxy);
            }
            if (leeway.endsComparison()) {
                return "";
            }
        }
        return "";
    }

    private void count(Leeway leeway, String ofProxy) {
        leeways.merge(leeway, 1, Integer::sum);
        if (leeway == Leeway.REFUSED) {
            refusals.merge(QUOTED.matcher(ofProxy).replaceAll("_"), 1, Integer::sum);
        }
    }

    /** How many rows stand there: shards that were quicker than the one that has failed may have sent fewer of them. */
    private static int rowsAt(List<String> answers, int from) {
        int to = from;
        while (to < answers.size() && answers.get(to).startsWith("D ")) {
            to++;
        }
        return to - from;
    }

    /**
     * Only since PostgreSQL 18 a statement behind others of its pipeline is in a transaction block, as it is behind the proxy: older
     * servers warn of SET LOCAL there; and a warning may be said once more, or be missing in front of an error. Portals have the proxy's
     * names, lines of COPY are those that the shard has received. If rows are on several shards, then of several keys that are taken any
     * may be named.
     */
    private List<String> comparable(List<String> answers, boolean spread) {
        return answers.stream()
                .filter(answer -> !REPEATED.matcher(answer).find())
                .filter(answer -> !warnsOfLocal || !LOCAL.matcher(answer).find())
                .map(answer -> PORTAL.matcher(answer).replaceAll("W portal parameter"))
                .map(answer -> WHO_SAYS.matcher(answer).replaceAll(""))
                .map(answer -> AS_RECEIVED.matcher(answer).replaceAll(""))
                .map(answer -> LINE.matcher(answer).replaceAll("W COPY kv, line ..."))
                .map(answer -> spread ? TAKEN.matcher(answer).replaceAll("Key (id)=...") : answer)
                .toList();
    }

    // ---- the shortest script ----------------------------------------------------------------------------------------

    /** The same difference with fewer steps. */
    private Script shrink(Script script, Terrain terrain, String difference) throws IOException, SQLException {
        Script smallest = script;
        for (int length = script.steps().size() / 2; length > 0; length /= 2) {
            for (int from = smallest.steps().size() - length; from >= 0; from--) {
                if (from + length <= smallest.steps().size()) {
                    Script smaller = smallest.without(from, from + length);
                    if (smaller.isWhole() && differenceAfresh(smaller, terrain).equals(difference)) {
                        smallest = smaller;
                    }
                }
            }
        }
        return smallest;
    }

    private String differenceAfresh(Script script, Terrain terrain) throws IOException, SQLException {
        clean(script);
        return difference(script, terrain, SHRINKING_MILLIS_MAX, false);
    }

    private void clean(Script script) throws SQLException {
        String like = " LIKE '" + script.prefix() + "%'; ";
        long firstId = Long.parseLong(script.prefix().replaceAll("\\D", "")) * IDS_PER_SCRIPT;
        String clean = "DELETE FROM kv WHERE key" + like + "DELETE FROM ref WHERE name" + like
                + "DELETE FROM home WHERE owner" + like + "DELETE FROM events WHERE id BETWEEN " + firstId + " AND "
                + (firstId + IDS_PER_SCRIPT - 1);
        cluster.servers().executeEverywhere(clean);
        alone.execute(0, clean);
    }

    /** The shortest script with the same difference; the script itself if it no longer differs. */
    private String describe(Script script, int number) throws IOException, SQLException {
        String difference = differenceAfresh(script, terrain(number));
        Script shown = difference.isEmpty() ? script : shrink(script, terrain(number), difference);
        clean(shown);
        return "again: -Dpgring.it.seed=" + seed + " -Dpgring.it.script=" + number + "\n" + shown + "  server:\n"
                + answers(shown, alonePort) + "  proxy:\n" + answers(shown, cluster.port());
    }

    private static String answers(Script script, int port) throws IOException {
        return ScriptRun.of(script, port, SHRINKING_MILLIS_MAX).stream()
                .map(answer -> "    " + ScriptWriter.shown(answer) + "\n")
                .collect(Collectors.joining());
    }
}
