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
    private static final Pattern LATE = Pattern.compile("^E ERROR (42704|22023) ");
    private static final Pattern PORTAL = Pattern.compile("W (unnamed portal|portal \"[^\"]*\") parameter");
    private static final Pattern LOCAL = Pattern.compile("^N WARNING 25P01 SET LOCAL ");
    private static final Pattern REPEATED =
            Pattern.compile("^N WARNING (25P01 SET TRANSACTION|25001 there is already a) ");
    private static final Pattern TAKEN = Pattern.compile("Key \\(id\\)=\\(\\d+\\)");
    private static final Pattern LINE = Pattern.compile("W COPY kv, line \\d+.*", Pattern.DOTALL);
    private static final Pattern AS_RECEIVED = Pattern.compile("\nlines as shard \"[^\"]*\" has received them");

    private final long seed;
    private final Cluster cluster;
    private final Servers alone;
    private final int alonePort;
    private final boolean warnsOfLocal;
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();

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

    private Script script(int number) {
        String prefix = "script" + number + "_";
        Terrain terrain = TERRAINS.get(number % TERRAINS.size());
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
        String difference = difference(script, ANSWER_MILLIS_MAX, true);
        return difference.isEmpty() ? null : "script " + number + ": " + difference + "\n" + describe(script, number);
    }

    /** The first answer that differs, as both gave it; empty when all are alike. */
    private String difference(Script script, int millisMax, boolean counted) throws IOException {
        List<String> ofServer = comparable(ScriptRun.of(script, alonePort, millisMax));
        List<String> ofProxy = comparable(ScriptRun.of(script, cluster.port(), millisMax));
        int dropped = 0;
        for (int i = 0; i < Math.max(ofServer.size() - dropped, ofProxy.size()); i++) {
            String proxy = i < ofProxy.size() ? ofProxy.get(i) : "";
            if (proxy.startsWith("E ")) {
                dropped += rowsAt(ofServer, i + dropped);
            }
            String server = i + dropped < ofServer.size() ? ofServer.get(i + dropped) : "";
            if (isBeyondComparison(server, proxy)) {
                if (counted) {
                    refusals.merge(QUOTED.matcher(proxy).replaceAll("_"), 1, Integer::sum);
                }
                return "";
            }
            if (!server.equals(proxy) && !isDocumented(server, proxy)) {
                return server + " / " + proxy;
            }
        }
        return "";
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
     * Only since PostgreSQL 18 a statement behind others of its pipeline is in a transaction block, as it is behind the proxy: older servers
     * warn of SET LOCAL there; and a warning may be said once more, or be missing in front of an error. Lines of COPY are those that the shard has received, portals have the proxy's names, and of several keys that are taken any
     * may be named.
     */
    private List<String> comparable(List<String> answers) {
        return answers.stream()
                .filter(answer -> !REPEATED.matcher(answer).find())
                .filter(answer -> !warnsOfLocal || !LOCAL.matcher(answer).find())
                .map(answer -> AS_RECEIVED.matcher(answer).replaceAll(""))
                .map(answer -> PORTAL.matcher(answer).replaceAll("W portal parameter"))
                .map(answer -> TAKEN.matcher(answer).replaceAll("Key (id)=..."))
                .map(answer -> LINE.matcher(answer).replaceAll("W COPY kv, line ..."))
                .toList();
    }

    /**
     * Whether what follows can't be compared: a statement is refused, a wrong setting in a transaction comes to light later, or a portal of
     * a statement that the proxy runs itself is bound a second time, or what a failed simple Query has left in the unnamed portal is described, or the row limit is met by the very last row.
     */
    private static boolean isBeyondComparison(String ofServer, String ofProxy) {
        if (ofServer.equals(ofProxy)) {
            return false;
        }
        boolean late = LATE.matcher(ofServer).find() && (ofProxy.equals("C SET") || ofProxy.equals("C RESET"));
        boolean bound = ofServer.startsWith("E ERROR 42P03 ") && (ofProxy.startsWith("2 ") || ofProxy.startsWith("E "));
        boolean leftOver = ofServer.startsWith("n ") && ofProxy.startsWith("E ERROR 34000 portal \"\" ");
        boolean ended = ofServer.startsWith("s ") && ofProxy.startsWith("C SELECT ");
        return late || bound || leftOver || ended || ofProxy.startsWith("E ERROR 0A000 ");
    }

    /**
     * Where two errors are possible, the proxy may see the other one first: in a transaction that failed before any server had it
     * nobody looks for errors in the statements that are ignored; that a name is taken is known before the statement is parsed. Portals
     * that have ended with their transaction's failure may be forgotten, and the unnamed one may be the proxy's that can't be run again.
     */
    private static boolean isDocumented(String ofServer, String ofProxy) {
        boolean forgotten = ofServer.startsWith("E ERROR 25P02") && ofProxy.startsWith("E ERROR 34000");
        boolean leftOver = ofServer.startsWith("E ERROR 34000") && ofProxy.startsWith("E ERROR 55000");
        return forgotten
                || leftOver
                || (ofServer.startsWith("E ERROR ")
                        && (ofProxy.startsWith("E ERROR 25P02") || ofProxy.startsWith("E ERROR 42P05")));
    }

    // ---- the shortest script ----------------------------------------------------------------------------------------

    /** The same difference with fewer steps. */
    private Script shrink(Script script, String difference) throws IOException, SQLException {
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

    private String differenceAfresh(Script script) throws IOException, SQLException {
        clean(script);
        return difference(script, SHRINKING_MILLIS_MAX, false);
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
        String difference = differenceAfresh(script);
        Script shown = difference.isEmpty() ? script : shrink(script, difference);
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
