package io.pgring.bench;

import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** An INSERT of a thousand rows, from its text to the texts of the shards. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SplitBenchmark {
    private static final int SHARDS = 3;
    private static final int ROWS = 1_000;
    private static final int PLANS_MAX = 5_000;
    private static final int[] NO_PARAMETERS = {};

    private final Topology topology = KeyValueTopology.ofShards(SHARDS);
    private final Planner planner = new Planner(() -> topology, PLANS_MAX);
    private final byte[] text = insert();

    private static byte[] insert() {
        StringBuilder sql = new StringBuilder("INSERT INTO kv (key, value) VALUES ");
        for (int row = 0; row < ROWS; row++) {
            sql.append(row == 0 ? "" : ", ").append("('user_").append(1_000_000 + row * 7919);
            sql.append("', 'value of some length ").append(row).append("')");
        }
        return sql.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The rows are routed by their keys, and the text of each shard is made. */
    @Benchmark
    public void insertOfThousandRows(Blackhole shards) {
        Route route = planner.route(planner.plan(text, 0, text.length));
        if (!(route instanceof Route.Split split) || split.shards().size() != SHARDS) {
            throw new AssertionError("not split over all shards: " + route);
        }
        for (Shard shard : split.shards()) {
            shards.consume(split.rows().textFor(text, 0, text.length, split.rowsOf()[shard.index()], NO_PARAMETERS));
        }
    }
}
