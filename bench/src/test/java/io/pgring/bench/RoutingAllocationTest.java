package io.pgring.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pgring.proxy.routing.Route;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Once its plan is known, the way of a statement to its shard allocates nothing. */
class RoutingAllocationTest {
    private static final int CALLS = 1_000_000;
    /** The compiler works in threads of its own: how long it takes to be done with the code depends on the machine. */
    private static final int WARM_UPS_MAX = 50;

    private final RoutingBenchmark routing = new RoutingBenchmark();

    @BeforeEach
    void encodeBinds() {
        routing.encodeBinds();
    }

    @AfterEach
    void releaseBinds() {
        routing.releaseBinds();
    }

    @Test
    void aSimpleQueryThatHitsThePlanCacheAllocatesNothing() {
        assertThat(routing.planCacheHit()).isInstanceOf(Route.Single.class);

        assertThat(bytesAllocated(routing::planCacheHit)).isZero();
    }

    @Test
    void anExecutionOfAPreparedStatementAllocatesNothing() {
        assertThat(routing.preparedStatement()).isInstanceOf(Route.Single.class);

        assertThat(bytesAllocated(routing::preparedStatement)).isZero();
    }

    /** What a million calls allocate in this thread after warm-up. */
    private static long bytesAllocated(Supplier<Route> call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round <= WARM_UPS_MAX && allocated > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            int singles = run(call);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(singles).isEqualTo(CALLS);
        }
        return allocated;
    }

    private static int run(Supplier<Route> call) {
        int singles = 0;
        for (int i = 0; i < CALLS; i++) {
            if (call.get() instanceof Route.Single) {
                singles++;
            }
        }
        return singles;
    }
}
