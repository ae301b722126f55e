package io.pgring.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Nothing is left behind: all connections are back in their pools, and no session of a server has anything open. */
public final class Idleness {
    private static final Pattern POOL =
            Pattern.compile("\"pool\":\\{\"open\":(\\d+),\"idle\":(\\d+),\"waiting\":(\\d+)");

    private Idleness() {}

    /** Waits until it is so. */
    public static void comes(Cluster cluster) {
        Eventually.succeeds(() -> assertIdle(cluster));
    }

    /** Waits until it is so, and there are connections to all shards: a client need not wait until one is opened. */
    public static void comesWithConnections(Cluster cluster) {
        Eventually.succeeds(() -> assertThat(assertIdle(cluster)).doesNotContain("0"));
    }

    /** @return how many connections are open to each shard */
    private static List<String> assertIdle(Cluster cluster) throws Exception {
        List<String> open = new ArrayList<>();
        String stats = cluster.http().get("/stats").body();
        Matcher pools = POOL.matcher(stats);
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            assertThat(pools.find()).as(stats).isTrue();
            assertThat(pools.group(2)).as("idle on %s: %s", shard, stats).isEqualTo(pools.group(1));
            assertThat(pools.group(3)).as("waiting on %s: %s", shard, stats).isEqualTo("0");
            assertThat(busySessions(cluster, shard)).as("sessions on %s", shard).isEqualTo("0");
            open.add(pools.group(1));
        }
        return open;
    }

    private static String busySessions(Cluster cluster, int shard) throws SQLException {
        return cluster.servers()
                .value(
                        shard,
                        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                                + " AND pid <> pg_backend_pid() AND state <> 'idle'");
    }
}
