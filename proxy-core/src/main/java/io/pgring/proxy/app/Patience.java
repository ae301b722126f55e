package io.pgring.proxy.app;

import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.exchange.TableControl;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** How long it is waited for others, on behalf of a client that may ask to stop. */
final class Patience {
    private static final long WAIT_SECONDS_MAX = 60;
    private static final long POLL_MILLIS = 20;

    private final TableControl.Client client;
    private final long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);

    Patience(TableControl.Client client) {
        this.client = client;
    }

    /** What is to come about. */
    interface Condition {
        boolean holds() throws SQLException;
    }

    /** Blocks until it holds. */
    void until(Condition condition) throws SQLException, DistributionException {
        while (!condition.holds()) {
            if (client.isCancelled()) {
                throw new DistributionException("57014", "canceling statement due to user request", null);
            }
            if (System.nanoTime() - endNanos > 0) {
                throw new DistributionException(
                        "55006",
                        "statements of other clients that were sent before have not been answered",
                        "Wait until they are done on all proxies, or end them, and try again.");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DistributionException("57P01", "the proxy is shutting down", null);
            }
        }
    }
}
