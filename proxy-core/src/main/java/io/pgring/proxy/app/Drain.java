package io.pgring.proxy.app;

import io.pgring.proxy.backend.ServerConnector;
import io.pgring.proxy.frontend.ClientConnection;
import io.pgring.proxy.frontend.ClientRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the clients of a proxy that goes down leave: who has nothing in flight at once, the others when their transaction has ended, and who is
 * still there when time is up, or somebody is in a hurry, all the same. New ones are turned away.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final long POLL_MILLIS = 10;
    /** For the last words to leave, and for servers to be told to cancel what nobody wants any more. */
    private static final long FAREWELL_MILLIS_MAX = 1_000;

    private final ClientRegistry clients;
    private final CountDownLatch hurry = new CountDownLatch(1);

    Drain(ClientRegistry clients) {
        this.clients = clients;
    }

    /** No more patience, now or from the start. On any thread. */
    void hurry() {
        hurry.countDown();
    }

    /**
     * Sends all away. Returns when they are gone, or can't be waited for.
     *
     * @param elsewhere whether those who come now would find another proxy on the same port
     * @param millisMax how long transactions may still take
     */
    void run(boolean elsewhere, long millisMax, ServerConnector connector) {
        clients.refuse(elsewhere);
        clients.connections().forEach(ClientConnection::drain);
        if (!await(clients::isDrained, millisMax, true)) {
            LOG.warn("ending transactions clients={}", clients.connections().size());
        }
        clients.connections().forEach(ClientConnection::end);
        await(() -> clients.connections().isEmpty(), FAREWELL_MILLIS_MAX, false);
        await(() -> connector.cancelsInFlight() == 0, FAREWELL_MILLIS_MAX, false);
    }

    private boolean await(BooleanSupplier condition, long millisMax, boolean impatient) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= end || (impatient && hurry.getCount() == 0)) {
                return false;
            }
            try {
                if (!impatient) {
                    Thread.sleep(POLL_MILLIS);
                } else if (hurry.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
