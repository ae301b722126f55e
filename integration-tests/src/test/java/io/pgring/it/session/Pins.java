package io.pgring.it.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /stats} tells of connections that clients keep. */
final class Pins {
    private static final Pattern PINS = Pattern.compile("\"pins\":\\{\"now\":(\\d+),\"total\":(\\d+)");
    private static final Pattern POOL =
            Pattern.compile("\"pool\":\\{\"open\":(\\d+),\"idle\":(\\d+),\"waiting\":(\\d+),\"kept\":(\\d+)");

    private Pins() {}

    /** Waits until so many connections are pinned. */
    static void come(Cluster cluster, int count) {
        Eventually.succeeds(() -> assertThat(now(cluster)).isEqualTo(count));
    }

    /** Waits until none is pinned or lent. */
    static void go(Cluster cluster) {
        come(cluster, 0);
        Eventually.succeeds(() -> {
            String stats = stats(cluster);
            Matcher pools = POOL.matcher(stats);
            for (int shard = 0; shard < cluster.shardCount(); shard++) {
                assertThat(pools.find()).as(stats).isTrue();
                assertThat(pools.group(2)).as(stats).isEqualTo(pools.group(1));
                assertThat(pools.group(4)).as(stats).isEqualTo("0");
            }
        });
    }

    /** How many connections are pinned. */
    static int now(Cluster cluster) throws Exception {
        return number(cluster, 1);
    }

    /** How often connections have been pinned. */
    static int total(Cluster cluster) throws Exception {
        return number(cluster, 2);
    }

    /** How many connections are pinned for a reason, by its word. */
    static int now(Cluster cluster, String reason) throws Exception {
        Matcher matcher =
                Pattern.compile("\"" + reason + "\":\\{\"now\":(\\d+)").matcher(stats(cluster));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** Waits until so many connections to a shard are kept. */
    static void stay(Cluster cluster, int shard, int count) {
        Eventually.succeeds(() -> assertThat(kept(cluster, shard)).isEqualTo(count));
    }

    private static int kept(Cluster cluster, int shard) throws Exception {
        Matcher pools = POOL.matcher(stats(cluster));
        for (int i = 0; i <= shard; i++) {
            assertThat(pools.find()).isTrue();
        }
        return Integer.parseInt(pools.group(4));
    }

    private static int number(Cluster cluster, int group) throws Exception {
        Matcher matcher = PINS.matcher(stats(cluster));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(group));
    }

    private static String stats(Cluster cluster) throws Exception {
        return cluster.http().get("/stats").body();
    }
}
