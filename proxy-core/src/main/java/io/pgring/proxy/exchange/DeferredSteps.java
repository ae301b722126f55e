package io.pgring.proxy.exchange;

import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import java.util.ArrayList;
import java.util.List;

/** Parse, and Describe of a statement, put off until a server is known. */
final class DeferredSteps {
    private final Exchange exchange;
    private final Planner planner;
    private final List<Deferred> steps = new ArrayList<>(2);

    private record Deferred(PreparedStatement statement, boolean describe) {}

    DeferredSteps(Exchange exchange, Planner planner) {
        this.exchange = exchange;
        this.planner = planner;
    }

    /** Puts a Parse off. */
    void parse(PreparedStatement statement) {
        steps.add(new Deferred(statement, false));
    }

    /** Puts a Describe off. */
    void describe(PreparedStatement statement) {
        steps.add(new Deferred(statement, true));
    }

    void clear() {
        steps.clear();
    }

    /** Whether the server that is held, if any, can parse the statement, and nothing else is to be said to it before. */
    boolean isAtHand(PreparedStatement statement) {
        ServerConnection server = exchange.server();
        return server != null
                && steps.isEmpty()
                && !statement.plan().plan().usesCursors()
                && (!statement.needsHome() || planner.isHome(server.shard()));
    }

    /** Whether another statement than this one is to be described by the home shard. */
    boolean needsHomeWithout(PreparedStatement statement) {
        return steps.stream()
                .anyMatch(step ->
                        step.statement() != statement && step.statement().needsHome());
    }

    /**
     * Gets a server and sends it what was put off.
     *
     * @return false when there is none yet, or the client was refused
     */
    boolean reach(Route route, boolean runs) {
        Outcome outcome = exchange.reach(route, runs);
        if (outcome == Outcome.REFUSED) {
            steps.clear();
        }
        if (outcome != Outcome.READY) {
            return false;
        }
        for (Deferred step : steps) {
            if (step.describe()) {
                sendDescribe(exchange, step.statement());
            } else {
                StatementCarrier.parse(exchange, step.statement());
            }
        }
        steps.clear();
        return true;
    }

    static void sendDescribe(Exchange exchange, PreparedStatement statement) {
        String name = StatementCarrier.serverName(exchange, statement);
        exchange.send(new Describe(Target.STATEMENT, name), Expected.DESCRIBE_STATEMENT);
    }

    /**
     * Statements are to be described before any values are known: any shard can, but unsharded tables are at home.
     *
     * @return as {@link #reach}
     */
    boolean send() {
        return steps.isEmpty() || reach(describer(), false);
    }

    private Route describer() {
        for (Deferred step : steps) {
            if (step.statement().plan().statement() instanceof PlannedStatement.OnCursor) {
                return CursorStatements.route(
                        exchange, planner.homeShard(), step.statement().plan().plan(), new Route.Any());
            }
        }
        boolean home = steps.stream().anyMatch(step -> step.statement().needsHome());
        return home ? planner.home() : new Route.Any();
    }
}
