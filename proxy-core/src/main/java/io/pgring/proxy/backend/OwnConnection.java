package io.pgring.proxy.backend;

import io.pgring.proxy.metrics.PinReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The place for a client's own connection on one shard; see {@link OwnConnections}. */
final class OwnConnection {
    /** How it stands. */
    enum Phase {
        NONE,
        LENT,
        /** Lent, but about to be given back whatever the client does. */
        LEAVING,
        /** The proxy asks, or mends, something on it. */
        BUSY,
        RESTING
    }

    private final List<Waiter> waiters = new ArrayList<>(0);
    private Phase phase = Phase.NONE;
    private @Nullable ServerConnection connection;
    private @Nullable ShardPool pool;
    private boolean kept;
    private Set<PinReason> counted = Set.of();

    Phase phase() {
        return phase;
    }

    void toPhase(Phase next) {
        phase = next;
    }

    @Nullable
    ServerConnection connection() {
        return connection;
    }

    ServerConnection require() {
        return Objects.requireNonNull(connection);
    }

    ShardPool pool() {
        return Objects.requireNonNull(pool);
    }

    boolean holds(ServerConnection other) {
        return connection == other;
    }

    /** A connection is lent. */
    void fill(ServerConnection lent, ShardPool from) {
        connection = lent;
        pool = from;
        phase = Phase.LENT;
    }

    /** Nothing is here anymore. */
    void empty() {
        connection = null;
        phase = Phase.NONE;
        kept = false;
        counted = Set.of();
    }

    /** Whether the client has kept it since a former transaction. */
    boolean isKept() {
        return kept;
    }

    void onKept() {
        kept = true;
    }

    /** What it was last counted for. */
    Set<PinReason> counted() {
        return counted;
    }

    void toCounted(Set<PinReason> reasons) {
        counted = reasons;
    }

    /** Whether names in statements may mean something on it that they mean nowhere else. */
    boolean hasNames() {
        return connection != null && connection.leftovers().mayHave(PinReason.TEMPORARY_OBJECTS);
    }

    void await(Waiter waiter) {
        waiters.add(waiter);
    }

    void giveUp(Waiter waiter) {
        waiters.remove(waiter);
    }

    /** Those who wait, who are then no longer kept here. */
    List<Waiter> takeWaiters() {
        List<Waiter> taken = List.copyOf(waiters);
        waiters.clear();
        return taken;
    }
}
