package io.pgring.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.routing.BoundPlan;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a statement to its shard, as the proxy decides it for every execution once the plan is known. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoutingBenchmark {
    private static final int SHARDS = 8;
    private static final int PLANS_MAX = 5_000;
    /** A power of two. */
    private static final int BINDS = 256;

    private static final int OID_TEXT = 25;

    private final Topology topology = KeyValueTopology.ofShards(SHARDS);
    private final Planner planner = new Planner(() -> topology, PLANS_MAX);
    private final KeyedStatements statements = new KeyedStatements();
    private final BindView view = new BindView();
    private final ByteBuf[] bodies = new ByteBuf[BINDS];
    private final BoundPlan bound = prepare();
    private int at;

    private BoundPlan prepare() {
        byte[] text = "SELECT value FROM kv WHERE key = $1 AND 1 = 1".getBytes(StandardCharsets.UTF_8);
        return planner.bind(planner.plan(text, 0, text.length), new int[] {OID_TEXT});
    }

    /** Bodies of Bind messages, in the kind of buffer that sockets are read into. */
    @Setup
    public void encodeBinds() {
        for (int i = 0; i < BINDS; i++) {
            ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer();
            byte[][] parameters = {statements.nextKey()};
            new Bind("", "P_0", new int[] {0}, parameters, new int[] {0}).encode(body);
            bodies[i] = body.skipBytes(MessageCursor.HEADER_BYTES);
        }
    }

    @TearDown
    public void releaseBinds() {
        for (ByteBuf body : bodies) {
            body.release();
        }
    }

    /** Simple protocol: a text of 57 bytes is normalised, found in the plan cache, its key hashed and looked up on the ring. */
    @Benchmark
    public Route planCacheHit() {
        byte[] text = statements.next();
        return planner.route(planner.plan(text, 0, text.length));
    }

    /** Extended protocol: the key is found in a Bind of a prepared statement, hashed and looked up on the ring. */
    @Benchmark
    public Route preparedStatement() {
        ByteBuf body = bodies[at++ & (BINDS - 1)];
        view.wrap(body);
        Route route = planner.route(bound, view, body);
        if (route == null) {
            throw new AssertionError("the whole Bind is there");
        }
        return route;
    }
}
