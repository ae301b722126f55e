package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * Where a client waits with a statement on rows that are just given to another shard, or on all rows while some are. It is planned anew when
 * that is over.
 *
 * <p>What was begun before the pause and must come to its end does not wait.
 */
final class MoveWait {
    private final Exchange exchange;
    private final Exchanges exchanges;
    private boolean waiting;
    private boolean closed;
    private long sinceNanos;
    private @Nullable ErrorResponse refusal;

    MoveWait(Exchange exchange, Exchanges exchanges) {
        this.exchange = exchange;
        this.exchanges = exchanges;
    }

    /**
     * Asked once a route was decided.
     *
     * @param planner which has just decided it
     * @return the route, or that the client is refused; null when the message is to come again
     */
    @Nullable
    Route admit(Planner planner, Route route) {
        if (OldSnapshots.ofRouted(exchange, planner, route)) {
            end();
            return new Route.Refuse(StatementErrors.rowsHaveMoved());
        }
        if (!waiting && !planner.concernsPaused()) {
            return route;
        }
        ErrorResponse why = refusal;
        if (why != null) {
            end();
            return new Route.Refuse(why);
        }
        boolean goesOn = !planner.concernsPaused() || route instanceof Route.Refuse || exchange.isAborted();
        if (goesOn || isOld(planner)) {
            end();
            return route;
        }
        if (!waiting && exchanges.paused().isFull()) {
            return new Route.Refuse(
                    StatementErrors.tooManyPaused(exchanges.paused().lengthMax()));
        }
        if (!waiting) {
            waiting = true;
            sinceNanos = System.nanoTime();
        }
        exchange.toInput(Input.WAITING);
        exchanges.paused().add(this);
        return null;
    }

    /** Whether what is under way was begun before each of the moves paused. */
    private boolean isOld(Planner planner) {
        SeenMoves moves = exchanges.moves();
        moves.observe(planner.routed().placement());
        for (SeenMoves.Seen seen : moves.pausing()) {
            Long paused = seen.paused();
            if (paused == null || !exchange.work().isOlder(seen.move(), paused)) {
                return false;
            }
        }
        return true;
    }

    private void end() {
        waiting = false;
        refusal = null;
        exchanges.paused().remove(this);
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** The statement is to come again, unless something before it has failed in the meantime. */
    void resume() {
        if (closed) {
            return;
        }
        boolean failed = exchange.segment().isOpen() && exchange.segment().hasFailed();
        if (failed) {
            end();
        }
        exchange.toInput(failed ? Input.SKIPPING : Input.ACCEPTING);
        exchange.sink().onResume();
    }

    /** It is to wait no longer; tells whether it did. */
    boolean cancel(ErrorResponse why) {
        if (!exchanges.paused().remove(this)) {
            return false;
        }
        refusal = why;
        resume();
        return true;
    }

    /** The client is gone. */
    void close() {
        closed = true;
        end();
    }
}
