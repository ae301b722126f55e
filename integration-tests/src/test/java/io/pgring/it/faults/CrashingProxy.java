package io.pgring.it.faults;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import io.pgring.proxy.app.FaultPoints;
import io.pgring.proxy.app.PgRing;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.reshard.ControlPoint;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/**
 * A proxy that ends at a point of a commit as if it was killed there, without a word to anybody.
 *
 * <p>What is sent in a turn of the event loop leaves at its end. So there are two ways to end: at once, when nothing of the turn has left;
 * or when the turn is over, and all has left that was sent before the point.
 */
final class CrashingProxy {
    /** As if by SIGKILL. */
    static final int KILLED = 137;

    private CrashingProxy() {}

    /**
     * Runs until it ends.
     *
     * @param arguments the step and the shard of the point, how many commits pass it before, whether what was sent leaves, the configuration
     */
    public static void main(String[] arguments) throws Exception {
        CommitGate.Step step = CommitGate.Step.valueOf(arguments[0]);
        String shard = arguments[1];
        int[] left = {Integer.parseInt(arguments[2])};
        boolean leaves = Boolean.parseBoolean(arguments[3]);
        CommitGate gate = (at, told) -> {
            if (left[0] < 0) {
                return false;
            }
            if (at != step || !told.equals(shard) || left[0]-- > 0) {
                return true;
            }
            if (leaves) {
                EventExecutor loop = Objects.requireNonNull(ThreadExecutorMap.currentExecutor());
                loop.execute(() -> loop.execute(() -> Runtime.getRuntime().halt(KILLED)));
            } else {
                Runtime.getRuntime().halt(KILLED);
            }
            return false;
        };
        PgRing proxy =
                PgRing.start(ConfigurationLoader.load(Path.of(arguments[4])), new FaultPoints(gate, ControlPoint.NONE));
        System.out.println("psql -h 127.0.0.1 -p " + proxy.postgresqlAddress().getPort());
        System.out.println("curl http://127.0.0.1:" + proxy.httpAddress().getPort() + "/stats");
        new CountDownLatch(1).await();
    }
}
