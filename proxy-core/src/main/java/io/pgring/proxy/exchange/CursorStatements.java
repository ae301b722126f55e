package io.pgring.proxy.exchange;

import io.pgring.pgsql.spread.Ship;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.PlannedStatement.OnCursor;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Statements with SQL cursors (manual, "Cursors"). A cursor is where the rows of its query are, or on the home shard, which gathers
 * them; what uses it goes there.
 *
 * <p>A gathered cursor is a part of the transaction on the home shard. There it sees of each other shard what was committed when it first read
 * from that, so the transaction must not have written there.
 */
final class CursorStatements {
    private CursorStatements() {}

    /**
     * The route of a text, some of whose statements concern cursors.
     *
     * @param route where its other statements want to go
     */
    static Route route(Exchange exchange, Shard home, Plan plan, Route route) {
        Set<String> declared = new HashSet<>();
        Route result = route;
        for (PlannedStatement statement : plan.statements()) {
            if (statement instanceof PlannedStatement.Declare declare) {
                declared.add(declare.cursor());
            } else if (statement instanceof OnCursor on && !declared.contains(on.cursor())) {
                result = join(result, route(exchange, home, on));
            } else if (statement instanceof PlannedStatement.CloseCursors) {
                result = join(result, closeAll(exchange));
            }
        }
        for (String name : declared) {
            result = besideKnown(result, exchange.marks().cursor(name), name);
        }
        return result instanceof Route.Gathered gathered && !declared.isEmpty() && !mayGather(exchange)
                ? shipped(plan, gathered)
                : result;
    }

    /** Two cursors of one name can't be on two shards: the server that has the first one says so of the second. */
    private static Route besideKnown(Route route, Cursors.@Nullable Cursor known, String name) {
        if (known == null) {
            return route;
        }
        if (route instanceof Route.Any) {
            return new Route.Single(known.shard());
        }
        Shard shard = shard(route);
        return shard == null || shard.index() == known.shard().index()
                ? route
                : new Route.Refuse(ErrorResponse.error("42P03", "cursor \"" + name + "\" already exists"));
    }

    private static Route shipped(Plan plan, Route.Gathered gathered) {
        Ship ship = gathered.ship();
        return ship != null && plan.single() instanceof PlannedStatement.Declare declare && !declare.hold()
                ? new Route.ShippedCursor(declare.cursor(), ship)
                : new Route.Refuse(ShipTasks.impossible());
    }

    private static Route route(Exchange exchange, Shard home, OnCursor on) {
        Cursors.Cursor cursor = exchange.marks().cursor(on.cursor());
        if (exchange.transaction().cursors().isOwn(on.cursor())) {
            return new Route.Refuse(
                    ErrorResponse.error("0A000", "portal \"" + on.cursor() + "\" can't be used as a cursor")
                            .detail("Its statement is run by the proxy, on several shards or for the session.")
                            .hint("Use DECLARE CURSOR, or Execute with a row limit."));
        }
        if (cursor == null) {
            // One that was opened by a function is on the home shard, if anywhere; any shard says that there is none.
            return takesPart(exchange, home) ? new Route.Single(home) : new Route.Any();
        }
        if (cursor.origin() != Cursors.Origin.SHARD && on.use() == OnCursor.Use.CHANGE) {
            return new Route.Refuse(ErrorResponse.error(
                            "0A000", "rows of a cursor over several shards can't be changed by WHERE CURRENT OF")
                    .detail("The rows of the cursor are on the home shard as it has got them from all shards.")
                    .hint("Change the row by its key."));
        }
        return new Route.Single(cursor.shard());
    }

    /** The route of CLOSE ALL, which concerns cursors of the transaction and held ones. */
    static Route closeAll(Exchange exchange) {
        Set<Integer> shards = exchange.marks().shardsOfHeld();
        if (shards.isEmpty()) {
            return new Route.Any();
        }
        Shard held = exchange.marks().anyShardOfHeld();
        ServerConnection server = exchange.server();
        boolean elsewhere = exchange.transaction().isJoined()
                && (server == null || server.shard().index() != held.index());
        return shards.size() == 1 && !elsewhere ? new Route.Single(held) : new Route.Refuse(heldElsewhere());
    }

    static ErrorResponse heldElsewhere() {
        return ErrorResponse.error("0A000", "CLOSE ALL can't close cursors on several shards")
                .detail("Cursors WITH HOLD of former transactions are on other shards than the rest.")
                .hint("Close each by its name.");
    }

    private static boolean takesPart(Exchange exchange, Shard shard) {
        ServerConnection server = exchange.server();
        boolean atHand = server != null && server.shard().index() == shard.index();
        boolean takesPart = exchange.transaction().isOpen()
                && (atHand || exchange.connections().participants().has(shard));
        return takesPart || exchange.connections().own().mayHave(shard, PinReason.HELD_CURSORS);
    }

    private static Route join(Route one, Route other) {
        Shard first = shard(one);
        Shard second = shard(other);
        if (one instanceof Route.Any || other instanceof Route.Refuse) {
            return one instanceof Route.Refuse ? one : other;
        }
        if (first == null || second == null || first.index() == second.index()) {
            return one;
        }
        return new Route.Refuse(ErrorResponse.error("0A000", "statements of one message touch more than one shard")
                .detail("A cursor that is used is on shard \"" + second.name()
                        + "\", and other statements belong to shard \"" + first.name() + "\".")
                .hint("Send statements on cursors in messages of their own."));
    }

    private static @Nullable Shard shard(Route route) {
        if (route instanceof Route.Single single) {
            return single.shard();
        }
        return route instanceof Route.Gathered gathered ? gathered.home() : null;
    }

    private static boolean mayGather(Exchange exchange) {
        Transaction transaction = exchange.transaction();
        return !transaction.isOpen()
                || (transaction.isPlain()
                        && exchange.variables().hasPlainIsolation()
                        && !transaction.hasWrittenElsewhere());
    }

    /** A text is sent to the server at hand. */
    static void onSent(Exchange exchange, Plan plan, Route route) {
        Shard shard = exchange.requireServer().shard();
        Cursors cursors = exchange.transaction().cursors();
        for (PlannedStatement statement : plan.statements()) {
            if (statement instanceof PlannedStatement.Declare declare) {
                boolean gathered = route instanceof Route.Gathered;
                cursors.add(new Cursors.Cursor(
                        declare.cursor(),
                        shard,
                        gathered ? Cursors.Origin.GATHERED : Cursors.Origin.SHARD,
                        declare.hold()));
            } else if (statement instanceof OnCursor on && on.use() == OnCursor.Use.CLOSE) {
                cursors.remove(on.cursor());
                exchange.marks().onClose(on.cursor());
            } else if (statement instanceof PlannedStatement.CloseCursors) {
                cursors.removeAll();
                exchange.marks().onCloseAll();
            }
        }
    }
}
