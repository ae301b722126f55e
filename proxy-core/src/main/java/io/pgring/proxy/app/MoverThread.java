package io.pgring.proxy.app;

import io.pgring.proxy.reshard.Mover;
import io.pgring.proxy.reshard.MoverSurroundings;
import io.pgring.proxy.topology.Membership;
import io.pgring.proxy.topology.Placement;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves rows when there is something to move and no other proxy does: on a thread of its own, which looks when the topology has changed, and
 * again and again as long as something is left to do.
 */
final class MoverThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MoverThread.class);
    private static final long AGAIN_MILLIS = 1_000;
    /** For a shard that can't leave, as somebody must do something about it. */
    private static final long LEAVING_AGAIN_MILLIS = 10_000;

    private static final long END_MILLIS_MAX = 3_000;

    private final MoverSurroundings surroundings;
    private final ExecutorService thread;
    private final Semaphore changes = new Semaphore(0);
    private String complaint = "";

    MoverThread(MoverSurroundings surroundings, ThreadFactory threads) {
        this.surroundings = surroundings;
        this.thread = Executors.newSingleThreadExecutor(threads);
    }

    /** Begins. */
    void start() {
        thread.execute(this::work);
    }

    /** The topology has changed. On any thread. */
    void wake() {
        changes.release();
    }

    private void work() {
        try {
            while (true) {
                changes.drainPermits();
                while (hasWork()) {
                    attempt();
                    long again = isMoving() ? AGAIN_MILLIS : LEAVING_AGAIN_MILLIS;
                    if (changes.tryAcquire(again, TimeUnit.MILLISECONDS)) {
                        changes.drainPermits();
                    }
                }
                changes.acquire();
            }
        } catch (InterruptedException e) {
            LOG.debug("the proxy stops, and moves nothing any more", e);
        }
    }

    private void attempt() throws InterruptedException {
        try {
            new Mover(surroundings).run();
            complaint = "";
        } catch (SQLException e) {
            if (thread.isShutdown()) {
                throw new InterruptedException("the proxy stops");
            }
            complain(e);
        } catch (RuntimeException e) {
            LOG.error("the mover has failed", e);
        }
    }

    /** Says the same once. */
    private void complain(SQLException cause) {
        String reason = String.valueOf(cause.getMessage());
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.warn("the mover stops for now sqlState={} reason=\"{}\"", cause.getSQLState(), reason);
        }
    }

    private boolean isMoving() {
        return !surroundings.topology().get().placement().moves().isEmpty();
    }

    private boolean hasWork() {
        Placement placement = surroundings.topology().get().placement();
        return isMoving()
                || placement.members().stream().anyMatch(shard -> placement.membershipOf(shard) == Membership.LEAVING);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(END_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                LOG.warn("the mover is still at work, and another will take it over");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
