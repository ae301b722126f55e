package io.pgring.proxy.exchange;

import io.netty.util.concurrent.EventExecutor;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ServerSession;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The exchanges of one event loop. Not thread-safe: belongs to that. */
public final class Exchanges {
    private final Set<Exchange> open = new LinkedHashSet<>();
    private final TopologyView topologies;
    private final SeenMoves moves = new SeenMoves();
    private final PausedStatements paused;
    /** Those whose client is gone while they commit. */
    private final Set<Exchange> leaving = new HashSet<>();

    /** Those whose work is waited for. */
    private final Set<Exchange> unsettled = new HashSet<>();

    private @Nullable Runnable whenSettled;

    /**
     * @param topologies the topology of the moment
     * @param loop that they belong to
     */
    public Exchanges(TopologyView topologies, ConfigurationView configuration, EventExecutor loop) {
        this.topologies = topologies;
        this.paused = new PausedStatements(loop, configuration);
        this.moves.observe(topologies.get().placement());
    }

    void add(Exchange exchange) {
        open.add(exchange);
    }

    /** Its client is gone. What it has begun to commit goes on. */
    void remove(Exchange exchange) {
        open.remove(exchange);
        if (exchange.spread().end().isConcluding()) {
            leaving.add(exchange);
        } else {
            settle(exchange);
        }
    }

    /** What one has begun to commit whose client is gone is done. */
    void onConcluded(Exchange exchange) {
        leaving.remove(exchange);
        settle(exchange);
    }

    SeenMoves moves() {
        return moves;
    }

    PausedStatements paused() {
        return paused;
    }

    /** Why what was planned by a version of the placement must not be done in a session; null when it may. */
    @Nullable
    ErrorResponse refusal(long plannedBy, ServerSession session) {
        return topologies.mayUse(plannedBy, session.lowest()) ? null : StatementErrors.rowsHaveMoved();
    }

    /** What the control side knows of tables and moves, at this moment. */
    Topology topology() {
        return topologies.get();
    }

    /**
     * Calls back when servers have answered all that they have been asked for clients up to now. What clients ask from now on is
     * planned from now on.
     */
    public void whenAnswered(Runnable then) {
        Countdown countdown = new Countdown(open.size() + 1, then);
        List.copyOf(open).forEach(exchange -> exchange.work().whenAnswered(countdown::step));
        countdown.step();
    }

    /**
     * The topology has changed. Clients that wait for moved rows plan anew; and it calls back when nothing is under way any more that was
     * begun without the knowledge of which shards there are and how far the moves are now: statements on the shards between which rows are moved, or on several
     * shards, and transactions that had one of these, to the end of their commits. What is begun from now on is not waited for. Called once
     * more, it forgets the former callback.
     */
    public void whenSettled(Runnable then) {
        moves.observe(topologies.get().placement());
        paused.resume();
        unsettled.clear();
        whenSettled = then;
        List<Exchange> all = new ArrayList<>(open);
        all.addAll(leaving);
        for (Exchange exchange : all) {
            if (isUnsettled(exchange)) {
                unsettled.add(exchange);
            } else {
                exchange.work().forgetEnded();
            }
        }
        end();
    }

    /** How many clients wait for rows that are moved. */
    public int waiting() {
        return paused.length();
    }

    private boolean isUnsettled(Exchange exchange) {
        if (exchange.work().isSpreadOlder(moves.membersChanged())) {
            return true;
        }
        for (SeenMoves.Seen seen : moves.all()) {
            if (exchange.work().isOlder(seen.move(), seen.changed())) {
                return true;
            }
        }
        return false;
    }

    /** Something of an exchange may have ended. */
    void onBoundary(Exchange exchange) {
        if (whenSettled != null && unsettled.contains(exchange) && !isUnsettled(exchange)) {
            exchange.work().forgetEnded();
            settle(exchange);
        }
    }

    private void settle(Exchange exchange) {
        if (unsettled.remove(exchange)) {
            end();
        }
    }

    private void end() {
        Runnable then = whenSettled;
        if (then != null && unsettled.isEmpty()) {
            whenSettled = null;
            moves.forgetOver();
            then.run();
        }
    }

    private static final class Countdown {
        private final Runnable then;
        private int left;

        Countdown(int steps, Runnable then) {
            this.left = steps;
            this.then = then;
        }

        void step() {
            left--;
            if (left == 0) {
                then.run();
            }
        }
    }
}
