package io.pgring.proxy.exchange;

import io.pgring.pgsql.spread.Combination;
import io.pgring.pgsql.spread.Splicer;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.Reply;
import io.pgring.proxy.fanout.ShardStatement;
import io.pgring.proxy.routing.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * EXPLAIN: lines that tell the route, before the plans of the shards.
 *
 * <pre>
 *  PgRing: shard "shard-1" (one shard, by the key)       PgRing: 2 shards, rows merged in the order of ORDER BY
 *  Index Scan using kv_pkey on kv                          each runs: SELECT * FROM kv ORDER BY key
 *                                                        shard "shard-0":
 *                                                          Index Scan using kv_pkey on kv
 *                                                        shard "shard-1":
 *                                                          Index Scan using kv_pkey on kv
 * </pre>
 */
final class ExplainTasks {
    private ExplainTasks() {}

    /**
     * The task with its lines.
     *
     * @param task what would be run without them
     * @param text the client's
     */
    static FanOutTask explain(Route.Explained explained, FanOutTask task, byte[] text) {
        List<String> header = new ArrayList<>();
        List<String> titles = List.of();
        if (explained.statement().text()) {
            header.add("PgRing: " + way(explained, task));
            if (severalPlans(explained.route())) {
                header.addAll(texts(task, text, explained.statement().token()));
                titles = task.statements().stream()
                        .map(statement -> "shard " + name(statement) + ":")
                        .toList();
            }
        }
        return new FanOutTask(
                task.statements(),
                new Reply.Explained(header, titles),
                task.description(),
                task.positions(),
                task.begin());
    }

    /** The plan of the first step of a statement whose rows are then written to their shards. */
    static FanOutTask relayed(FanOutTask source, boolean takesAway) {
        List<String> header = new ArrayList<>();
        List<String> titles = List.of();
        header.add(
                takesAway
                        ? "PgRing: the rows are taken away by this first, then each is inserted on the shard of its new key"
                        : "PgRing: the rows of this are read first, then each is inserted on the shard of its key");
        if (source.reply() instanceof Reply.Explained explained) {
            header.addAll(explained.header());
            titles = explained.titles();
        }
        return new FanOutTask(
                source.statements(),
                new Reply.Explained(header, titles),
                source.description(),
                source.positions(),
                source.begin());
    }

    private static boolean severalPlans(Route route) {
        return !(route instanceof Route.Single)
                && !(route instanceof Route.Several several && several.spread().scatter() == null);
    }

    private static String way(Route.Explained explained, FanOutTask task) {
        Route route = explained.route();
        int count = task.statements().size();
        if (route instanceof Route.Single) {
            return "shard " + name(task.statements().get(0)) + " (one shard, by the key)";
        }
        if (route instanceof Route.Split) {
            return count + " shards, each with its own of the new rows";
        }
        if (route instanceof Route.Several several) {
            return several.spread().scatter() == null
                    ? "gathered on the home shard " + name(task.statements().get(0)) + ", because "
                            + clause(explained.reason())
                    : count + " shards, " + merge(several.spread().scatter().combination());
        }
        return "all shards, as each has a copy of the table";
    }

    /** A sentence as the end of another one. */
    private static String clause(String sentence) {
        return sentence.isEmpty()
                ? "it needs rows of several shards"
                : sentence.substring(0, 1).toLowerCase(Locale.ROOT)
                        + sentence.substring(1).replaceFirst("\\.$", "");
    }

    private static String merge(Combination combination) {
        if (combination instanceof Combination.Ordered) {
            return "rows merged in the order of ORDER BY";
        }
        if (combination instanceof Combination.Aggregated) {
            return "one row from each made one";
        }
        if (combination instanceof Combination.Grouped) {
            return "rows of one group made one";
        }
        return combination instanceof Combination.Counted ? "numbers of rows added up" : "rows in any order";
    }

    /** What the shards run: one line if all run the same. */
    private static List<String> texts(FanOutTask task, byte[] text, int token) {
        int start = Splicer.offsetOf(text, 0, text.length, token);
        List<String> texts = task.statements().stream()
                .map(statement -> inOneLine(statement.text(), start))
                .collect(Collectors.toList());
        if (texts.stream().distinct().count() == 1) {
            return List.of("  each runs: " + texts.get(0));
        }
        for (int i = 0; i < texts.size(); i++) {
            texts.set(i, "  " + name(task.statements().get(i)) + " runs: " + texts.get(i));
        }
        return texts;
    }

    private static String inOneLine(byte[] text, int start) {
        return new String(text, start, text.length - start, StandardCharsets.UTF_8)
                .replaceAll("[\r\n]+[ \t]*", " ")
                .strip();
    }

    private static String name(ShardStatement statement) {
        return '"' + statement.shard().name() + '"';
    }
}
