package io.pgring.it.history;

import io.pgring.it.history.Proxies.Held;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import java.util.List;
import java.util.Random;

/** Something breaks while a mover stands at a point. */
final class Strike {
    private static final int NAP_OPERATIONS = 60;

    /** The session that holds the lock of movers, see {@code MoverLock}. */
    private static final String LOCK_HOLDER = """
            SELECT %s FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND (classid::int8 << 32) + objid::int8 = 123589603454573""";

    private final Ring ring;
    private final Proxies proxies;
    private final History history;
    private final Random random;

    Strike(Ring ring, Proxies proxies, History history, Random random) {
        this.ring = ring;
        this.proxies = proxies;
        this.history = history;
        this.random = random;
    }

    /** When this returns movers have been told to go on, and everybody is alive. */
    void run(Fault fault, Held held) throws Exception {
        int mover = held.proxy();
        int other = (mover + 1 + random.nextInt(proxies.count() - 1)) % proxies.count();
        switch (fault) {
            case NONE -> proxies.release();
            case MOVER_KILLED -> {
                proxies.replace(mover);
                proxies.release();
            }
            case MOVER_FROZEN -> freezeMover(mover);
            case MOVER_NAPS -> nap(mover);
            case OTHER_KILLED -> {
                proxies.replace(other);
                proxies.release();
            }
            case OTHER_FROZEN -> {
                proxies.freeze(other);
                proxies.age(other);
                proxies.release();
                awaitMovesWithoutFrozen();
                proxies.thaw(other);
            }
            case OTHER_NAPS -> nap(other);
            case SOURCE_CRASHED -> crash(held.source());
            case TARGET_CRASHED -> crash(held.target());
            case HOME_CRASHED -> crash(0);
            case SHARD_NAPS ->
                shardNaps(List.of(held.source(), held.target(), 0).get(random.nextInt(3)));
        }
    }

    /** Others end the session of a mover that gives no sign; here they are spared the time that they wait for one. */
    private void freezeMover(int mover) throws Exception {
        String frozen = ring.servers().value(0, LOCK_HOLDER.formatted("coalesce(max(pid), 0)"));
        proxies.freeze(mover);
        proxies.age(mover);
        // It hears of that when it wakes up; the one that takes over must not stop at the point.
        proxies.release();
        ring.servers().value(0, "SELECT pg_terminate_backend(" + frozen + ", 10000)");
        Eventually.holds(
                "another takes over",
                () -> ring.isCalm()
                        || !ring.servers()
                                .value(0, LOCK_HOLDER.formatted("count(*)"))
                                .equals("0"));
        if (random.nextBoolean()) {
            awaitMovesWithoutFrozen();
        }
        proxies.thaw(mover);
    }

    /** Unless it has left a transaction open on a shard from which it was not kept away: that holds up moves until it wakes up. */
    private void awaitMovesWithoutFrozen() {
        Eventually.holds(
                "moves end without a frozen proxy",
                Campaign.MOVES,
                () -> ring.isCalm() || ring.hasForgottenTransaction());
    }

    private void nap(int proxy) throws Exception {
        proxies.freeze(proxy);
        if (random.nextBoolean()) {
            proxies.release();
        }
        Campaign.await(history, NAP_OPERATIONS);
        proxies.thaw(proxy);
        proxies.release();
    }

    /** Until clients who go elsewhere have done something more, or those who wait for it have given up. */
    private void shardNaps(int shard) throws Exception {
        Servers servers = ring.servers();
        int errors = history.errorCount();
        int operations = history.size() + NAP_OPERATIONS;
        servers.freeze(shard);
        try {
            if (random.nextBoolean()) {
                proxies.release();
            }
            Eventually.holds(
                    "clients go on, or see it", () -> history.size() >= operations || history.errorCount() > errors);
        } finally {
            servers.thaw(shard);
        }
        proxies.release();
    }

    private void crash(int shard) throws Exception {
        Servers servers = ring.servers();
        servers.crash(shard);
        if (random.nextBoolean()) {
            proxies.release();
            Eventually.holds("clients see it", () -> !history.errors().isEmpty());
        }
        servers.start(shard);
        proxies.release();
    }
}
