package io.pgring.proxy.recovery;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.fanout.InDoubt;
import io.pgring.proxy.recovery.ShardTransactions.Prepared;
import io.pgring.proxy.topology.GlobalTransaction;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.TopologyView;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what is prepared and left.
 *
 * <pre>
 *   a part is prepared on shard B, and its name says that shard A decides:
 *
 *   INSERT INTO pgring.commit_log of A (name, false)
 *      inserted               ──►  aborted: ROLLBACK PREPARED on B
 *      there is a row: true   ──►  committed: COMMIT PREPARED on B
 *      there is a row: false  ──►  aborted, by another proxy: ROLLBACK PREPARED on B
 *      waits for another      ──►  its coordinator is about to commit: leave it
 *      A can't be reached     ──►  in doubt: try again later
 * </pre>
 *
 * A coordinator that comes too late finds the row, and rolls back. So a part need not be left alone for long: a second is enough not to
 * be in the way of those that are at work.
 */
public final class TransactionRecovery implements InDoubt {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionRecovery.class);
    private static final long INTERVAL_SECONDS = 3;
    /** A shard that is silent must not keep others waiting for long. */
    private static final int CONNECT_MILLIS_MAX = 3_000;

    private static final int COMPLAINTS_MAX = 1_000;
    private static final int OTHERS_MILLIS_MAX = 100;
    private static final int OWN_MILLIS_MAX = 5_000;
    private static final String UNFINISHED = "committed transactions are not finished on it yet";
    private static final CompletableFuture<?> DONE = CompletableFuture.completedFuture("");

    private final TopologyView view;
    private final ShardAccess access;
    private final PoolConfiguration pool;
    private final ScheduledExecutorService thread;
    private final Set<String> complaints = new LinkedHashSet<>();
    private final Map<String, Look> asked = new HashMap<>();
    private final Set<Integer> logged = new LinkedHashSet<>();
    private final UnfinishedCommits unfinished = new UnfinishedCommits();
    private volatile BiFunction<Shard, String, CompletableFuture<?>> bar = (shard, reason) -> DONE;
    private volatile List<PartInDoubt> inDoubt = List.of();

    /** @param thread a single one */
    public TransactionRecovery(
            TopologyView view, ShardAccess access, PoolConfiguration pool, ScheduledExecutorService thread) {
        this.view = view;
        this.access = access;
        this.pool = pool.withConnectMillisMax(Math.min(pool.connectMillisMax(), CONNECT_MILLIS_MAX));
        this.thread = thread;
    }

    /**
     * Looks once, and begins to look now and then.
     *
     * @param bar told of shards from which clients must not get anything until {@link #whyUnfinished} says nothing any more, and why; complete
     *     when they don't
     */
    public void start(BiFunction<Shard, String, CompletableFuture<?>> bar) {
        this.bar = bar;
        CompletableFuture.runAsync(this::pass, thread).join();
        thread.scheduleWithFixedDelay(this::pass, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** The prepared parts of transactions that were left in doubt by the last look. For any thread. */
    public List<PartInDoubt> inDoubt() {
        return inDoubt;
    }

    /**
     * A shard is about to be used that could not be before: it may need a log, and what was left on it is ended. Blocks, though not for
     * long.
     */
    public void onShardFit(Shard shard) {
        CompletableFuture<Boolean> look = new CompletableFuture<>();
        try {
            look.completeAsync(() -> lookAt(shard, Set.of()), thread).get(INTERVAL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            look.cancel(false);
            LOG.warn(
                    "shard was not looked at for prepared transactions shard={} reason=\"{}\"",
                    shard.name(),
                    e.toString());
        }
    }

    /**
     * Ends what a new connection to a shard has found there for longer than a commit takes; see {@link io.pgring.proxy.backend.LeftParts}. Those who
     * come while a look has not yet begun share it.
     *
     * @param parts their names
     */
    public CompletableFuture<Boolean> endLeft(Shard shard, Set<String> parts) {
        Set<String> unknown = new LinkedHashSet<>(parts);
        unknown.removeIf(part -> GlobalTransaction.ofPart(part) == null);
        inDoubt.forEach(part -> unknown.remove(part.gid()));
        if (unknown.isEmpty() && !unfinished.isAnyOn(shard.name())) {
            return CompletableFuture.completedFuture(true);
        }
        synchronized (asked) {
            Look next = asked.get(shard.name());
            if (next == null) {
                next = new Look();
                asked.put(shard.name(), next);
                next.result.completeAsync(() -> lookAsked(shard), thread);
            }
            next.parts.addAll(unknown);
            return next.result;
        }
    }

    /** One that has been asked for and not yet begun. */
    private static final class Look {
        private final Set<String> parts = new LinkedHashSet<>();
        private final CompletableFuture<Boolean> result = new CompletableFuture<>();
    }

    private boolean lookAsked(Shard shard) {
        Look look;
        synchronized (asked) {
            look = asked.remove(shard.name());
        }
        return look != null && lookAt(shard, look.parts) && !unfinished.isAnyOn(shard.name());
    }

    /** Why clients must not get anything from a shard: what they know to be committed is not there yet; empty when it is. */
    public String whyUnfinished(Shard shard) {
        return unfinished.isAnyOn(shard.name()) ? UNFINISHED : "";
    }

    @Override
    public CompletableFuture<Verdict> settle(GlobalTransaction transaction, Fate known, List<String> shards) {
        return Settlement.begin(new Verdict(known, shards), untold -> settleNow(transaction, untold), thread)
                .thenCompose(verdict -> barUnfinished(transaction, verdict).handle((done, proxyHasEnded) -> verdict));
    }

    /** Before a client is told that it is committed. */
    private CompletableFuture<?> barUnfinished(GlobalTransaction transaction, Verdict verdict) {
        if (verdict.fate() != Fate.COMMITTED) {
            return DONE;
        }
        List<CompletableFuture<?>> barred = new ArrayList<>();
        for (Shard shard : view.get().members()) {
            if (verdict.unfinished().contains(shard.name())) {
                unfinished.add(shard.name(), transaction);
                barred.add(bar.apply(shard, UNFINISHED));
            }
        }
        return CompletableFuture.allOf(barred.toArray(CompletableFuture[]::new));
    }

    private Verdict settleNow(GlobalTransaction transaction, Verdict untold) {
        Fate known = untold.fate();
        List<String> names = untold.unfinished();
        Set<String> asked = new LinkedHashSet<>(names);
        if (known == Fate.UNKNOWN) {
            asked.add(transaction.first());
        }
        try (ReachableShards shards = reach(asked)) {
            Fate fate = known == Fate.UNKNOWN ? decide(shards, transaction, OWN_MILLIS_MAX) : known;
            if (fate == Fate.UNKNOWN) {
                return new Verdict(fate, names);
            }
            Set<String> left = new LinkedHashSet<>();
            for (Prepared part : shards.prepared()) {
                if (part.transaction().equals(transaction) && !end(part, fate)) {
                    left.add(part.on().shard().name());
                }
            }
            left.addAll(shards.unreachable());
            left.retainAll(names);
            return new Verdict(fate, List.copyOf(left));
        } catch (RuntimeException e) {
            LOG.error("transaction can't be ended gid={}", transaction.name(), e);
            return untold;
        }
    }

    private ReachableShards reach(Set<String> names) {
        List<Shard> shards = view.get().members().stream()
                .filter(shard -> names.contains(shard.name()))
                .toList();
        return new ReachableShards(shards, access, pool);
    }

    /**
     * What {@link #pass} does, on one shard.
     *
     * @param old parts that are, whatever the clock of the shard says
     * @return whether it could be reached
     */
    private boolean lookAt(Shard shard, Set<String> old) {
        Map<String, Set<GlobalTransaction>> committed = unfinished.byShard();
        try (ReachableShards one = reach(Set.of(shard.name()))) {
            ensureLogs(one);
            List<Prepared> prepared = one.prepared();
            Set<String> deciding = new LinkedHashSet<>();
            prepared.stream()
                    .map(Prepared::transaction)
                    .filter(transaction -> !unfinished.contains(transaction))
                    .forEach(transaction -> deciding.add(transaction.first()));
            try (ReachableShards firsts = reach(deciding)) {
                List<Prepared> stay = end(firsts, prepared, old);
                forgetFinished(one, committed, stay);
                if (one.named(shard.name()) == null) {
                    return false;
                }
                noteInDoubt(shard, stay);
                return true;
            }
        }
    }

    private void noteInDoubt(Shard shard, List<Prepared> stay) {
        List<PartInDoubt> all = new ArrayList<>(inDoubt);
        all.removeIf(part -> part.shard().equals(shard.name()));
        stay.forEach(part -> all.add(part.inDoubt()));
        inDoubt = List.copyOf(all);
    }

    /** A shard that has always been alone needs no log, and has nothing prepared. */
    private void pass() {
        if (logged.isEmpty() && view.get().members().size() == 1) {
            return;
        }
        Map<String, Set<GlobalTransaction>> committed = unfinished.byShard();
        try (ReachableShards shards = new ReachableShards(view.get().members(), access, pool)) {
            ensureLogs(shards);
            // Before the look for prepared parts: whatever is committed by now, and not yet everywhere, will be seen.
            Map<ShardTransactions, List<String>> old = new LinkedHashMap<>();
            shards.each(shard -> old.put(shard, shard.log().old()));
            List<Prepared> prepared = shards.prepared();
            boolean complete = shards.unreachable().isEmpty();
            List<Prepared> stay = end(shards, prepared, Set.of());
            inDoubt = stay.stream().map(Prepared::inDoubt).toList();
            forgetFinished(shards, committed, stay);
            if (complete) {
                Set<String> needed = new LinkedHashSet<>();
                prepared.forEach(part -> needed.add(part.transaction().name()));
                old.values().forEach(names -> names.removeAll(needed));
                shards.each(shard -> shard.log().remove(old.getOrDefault(shard, List.of())));
            }
        } catch (RuntimeException e) {
            LOG.error("recovery of transactions has failed", e);
        }
    }

    /**
     * Nothing is left of committed transactions on shards that have been looked at, but what stays.
     *
     * @param committed what was known before the look
     */
    private void forgetFinished(
            ReachableShards shards, Map<String, Set<GlobalTransaction>> committed, List<Prepared> stay) {
        committed.forEach((shard, transactions) -> {
            if (shards.named(shard) != null) {
                stay.stream()
                        .filter(part -> part.on().shard().name().equals(shard))
                        .forEach(part -> transactions.remove(part.transaction()));
                unfinished.remove(shard, transactions);
            }
        });
    }

    private void ensureLogs(ReachableShards shards) {
        shards.each(shard -> {
            if (!logged.contains(shard.shard().index())) {
                try {
                    shard.log().ensure();
                    logged.add(shard.shard().index());
                } catch (SQLException e) {
                    complain(
                            "no commit log, so no transaction on several shards can be committed shard="
                                    + shard.shard().name(),
                            e);
                }
            }
        });
    }

    /** Ends those that are old enough, or known to be committed; tells which stay. */
    private List<Prepared> end(ReachableShards shards, List<Prepared> prepared, Set<String> old) {
        Map<GlobalTransaction, List<Prepared>> parts = new LinkedHashMap<>();
        for (Prepared part : prepared) {
            parts.computeIfAbsent(part.transaction(), transaction -> new ArrayList<>())
                    .add(part);
        }
        List<Prepared> stay = new ArrayList<>();
        for (Map.Entry<GlobalTransaction, List<Prepared>> one : parts.entrySet()) {
            boolean committed = unfinished.contains(one.getKey());
            if (!committed && one.getValue().stream().noneMatch(part -> part.old() || old.contains(part.name()))) {
                continue;
            }
            Fate fate = committed ? Fate.COMMITTED : decide(shards, one.getKey(), OTHERS_MILLIS_MAX);
            for (Prepared part : one.getValue()) {
                if (fate == Fate.UNKNOWN || !end(part, fate)) {
                    stay.add(part);
                }
            }
            if (fate == Fate.COMMITTED) {
                one.getValue().stream().filter(stay::contains).forEach(this::barUnless);
            }
        }
        return stay;
    }

    /** What can't be told that something is committed is barred, unless it is. */
    private void barUnless(Prepared part) {
        Shard shard = part.on().shard();
        if (unfinished.add(shard.name(), part.transaction())) {
            CompletableFuture<?> unused = bar.apply(shard, UNFINISHED);
        }
    }

    private Fate decide(ReachableShards shards, GlobalTransaction transaction, int waitMillisMax) {
        ShardTransactions first = shards.named(transaction.first());
        if (first == null) {
            return Fate.UNKNOWN;
        }
        try {
            return first.log().decide(transaction, waitMillisMax);
        } catch (SQLException e) {
            complain("shard does not tell what it has decided shard=" + transaction.first(), e);
            return Fate.UNKNOWN;
        }
    }

    private boolean end(Prepared part, Fate fate) {
        String shard = part.on().shard().name();
        try {
            part.on().end(part, fate == Fate.COMMITTED);
            LOG.info("transaction that was left has been ended shard={} gid={} fate={}", shard, part.name(), fate);
            return true;
        } catch (SQLException e) {
            complain("prepared transaction can't be ended shard=" + shard + " gid=" + part.name(), e);
            return false;
        }
    }

    /** Says the same once. */
    private void complain(String what, SQLException cause) {
        if (complaints.size() >= COMPLAINTS_MAX) {
            complaints.clear();
        }
        if (complaints.add(what + cause.getSQLState())) {
            LOG.warn("{} sqlState={} reason=\"{}\"", what, cause.getSQLState(), cause.getMessage());
        }
    }
}
