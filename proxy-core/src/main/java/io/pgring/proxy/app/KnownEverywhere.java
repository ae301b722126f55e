package io.pgring.proxy.app;

import io.netty.channel.EventLoop;
import io.pgring.proxy.distribution.Announcement;
import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.exchange.Exchanges;
import io.pgring.proxy.exchange.TableControl;
import io.pgring.proxy.frontend.FrontendLoop;
import io.pgring.proxy.topology.ShardWatch;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Waits until nothing is planned any more by the tables as they were, and what was has been answered. The loops look at the topology for
 * each statement, so that after it has changed a task on each of them knows all that is still under way. Other proxies do the same, and
 * say so.
 */
final class KnownEverywhere implements Announcement {
    private final ShardWatch watch;
    private final ProxyPresence presence;
    private final List<FrontendLoop> loops;
    private final TableControl.Client client;

    /** @param client who may stop to wait for it */
    KnownEverywhere(ShardWatch watch, ProxyPresence presence, List<FrontendLoop> loops, TableControl.Client client) {
        this.watch = watch;
        this.presence = presence;
        this.loops = loops;
        this.client = client;
    }

    @Override
    public void awaitKnown() throws DistributionException {
        try {
            Patience patience = new Patience(client);
            CompletableFuture<Optional<String>> known = watch.refreshNow().toCompletableFuture();
            patience.until(known::isDone);
            if (known.isCompletedExceptionally() || known.join().isEmpty()) {
                throw new DistributionException(
                        "55000", "the tables can't be read anew", "The log of the proxy says what is wrong with them.");
            }
            patience.until(answered(loops)::isDone);
            presence.awaitOthers(patience);
        } catch (SQLException e) {
            throw DistributionException.of(e);
        }
    }

    /** Complete when the statements of all clients have been answered that were sent before now. */
    static CompletableFuture<Boolean> answered(List<FrontendLoop> loops) {
        CompletableFuture<?>[] each = loops.stream()
                .map(loop -> answered(
                        loop.flushQueue().loop(), loop.exchangeServices().exchanges()))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(each).thenApply(done -> true);
    }

    private static CompletableFuture<Boolean> answered(EventLoop loop, Exchanges exchanges) {
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        loop.execute(() -> exchanges.whenAnswered(() -> answered.complete(true)));
        return answered;
    }

    /** Complete when nothing is under way any more that was begun before the topology was published; see {@link Exchanges#whenSettled}. */
    static CompletableFuture<Boolean> settled(List<FrontendLoop> loops) {
        CompletableFuture<?>[] each = loops.stream()
                .map(loop -> settled(
                        loop.flushQueue().loop(), loop.exchangeServices().exchanges()))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(each).thenApply(done -> true);
    }

    private static CompletableFuture<Boolean> settled(EventLoop loop, Exchanges exchanges) {
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        loop.execute(() -> exchanges.whenSettled(() -> settled.complete(true)));
        return settled;
    }

    /** How many clients wait for rows that are moved. Blocks until the event loops have told. */
    static int waiting(List<FrontendLoop> loops) {
        int waiting = 0;
        for (FrontendLoop loop : loops) {
            waiting += loop.flushQueue()
                    .loop()
                    .submit(() -> loop.exchangeServices().exchanges().waiting())
                    .syncUninterruptibly()
                    .getNow();
        }
        return waiting;
    }
}
