package io.pgring.proxy.app.load;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Runs one {@link LoadPlan}: a thread for each client, two phases, and the sums at the end. */
public final class LoadRun {
    private final LoadPlan plan;
    private final PhaseObserver observer;
    private final Complaints complaints = new Complaints();
    private final AtomicReference<@Nullable String> gaveUp = new AtomicReference<>();
    private final LongAdder done = new LongAdder();

    /** A run of the plan that tells the observer how far it has come. */
    public LoadRun(LoadPlan plan, PhaseObserver observer) {
        this.plan = plan;
        this.observer = observer;
    }

    /**
     * Runs to the end, and blocks as long.
     *
     * @throws SQLException if the first client can't connect; what happens later is in the result
     */
    public LoadResult run() throws SQLException, InterruptedException {
        List<LoadClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < plan.clients(); i++) {
                LoadClient client = new LoadClient(plan, i, complaints);
                clients.add(client);
                if (i == 0) {
                    client.connect();
                }
            }
            Operations loading = new Operations();
            Operations reads = new Operations();
            Operations rewrites = new Operations();
            long loadingNanos = phase("writing", plan.keys(), done::sum, clients, this::writeAll);
            long visitNanos = 0;
            if (gaveUp.get() == null) {
                long start = System.nanoTime();
                LongSupplier shown = plan.secondsMax() == 0
                        ? done::sum
                        : () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                long total = plan.secondsMax() == 0 ? plan.keys() : TimeUnit.SECONDS.toMillis(plan.secondsMax());
                visitNanos = phase(
                        plan.readRatio() == 1 ? "reading" : "reading and writing", total, shown, clients, this::visit);
            }
            loading.tookNanos(loadingNanos);
            reads.tookNanos(visitNanos);
            rewrites.tookNanos(visitNanos);
            long wrongValues = 0;
            for (LoadClient client : clients) {
                loading.add(client.loading);
                reads.add(client.reads);
                rewrites.add(client.rewrites);
                wrongValues += client.wrongValues;
            }
            return new LoadResult(loading, reads, rewrites, wrongValues, complaints.counts(), gaveUp.get());
        } finally {
            clients.forEach(LoadClient::close);
        }
    }

    private long phase(String name, long total, LongSupplier shown, List<LoadClient> clients, Work work)
            throws InterruptedException {
        done.reset();
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        PhaseObserver.Phase phase = observer.begin(name, total, shown);
        try {
            for (int i = 0; i < clients.size(); i++) {
                LoadClient client = clients.get(i);
                Thread thread = new Thread(() -> run(work, client), "client-" + i);
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            phase.close();
            threads.forEach(Thread::interrupt);
        }
        return System.nanoTime() - start;
    }

    private void run(Work work, LoadClient client) {
        try {
            work.run(client);
        } catch (LoadClient.UnreachableException e) {
            gaveUp.compareAndSet(null, "the proxy can't be reached: " + e.getMessage());
        } catch (RuntimeException e) {
            gaveUp.compareAndSet(null, "unexpected error: " + e);
        }
    }

    private void writeAll(LoadClient client) throws LoadClient.UnreachableException {
        for (int own = 0; own < client.keys() && gaveUp.get() == null; own++) {
            client.write(own, client.loading);
            done.increment();
        }
    }

    private void visit(LoadClient client) throws LoadClient.UnreachableException {
        if (client.keys() == 0) {
            return;
        }
        SplittableRandom random = new SplittableRandom(plan.seed() + client.index());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.secondsMax());
        for (int visit = 0; gaveUp.get() == null; visit++) {
            boolean over = plan.secondsMax() == 0 ? visit >= client.keys() : System.nanoTime() - end >= 0;
            if (over) {
                return;
            }
            int own = plan.secondsMax() == 0 ? visit : random.nextInt(client.keys());
            if (random.nextDouble() < plan.readRatio()) {
                client.read(own);
            } else {
                client.write(own, client.rewrites);
            }
            done.increment();
        }
    }

    /** What each client does in a phase. */
    private interface Work {
        void run(LoadClient client) throws LoadClient.UnreachableException;
    }
}
