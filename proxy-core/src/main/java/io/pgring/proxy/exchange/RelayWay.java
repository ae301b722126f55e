package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.Ship;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.ShardStatement.Input;
import io.pgring.proxy.routing.BoundPlan;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a statement in the client's transaction, or in one of their own.
 *
 * @param begin what a connection is told before it takes part
 * @param within whether they are a part of the client's transaction
 * @param mayGather whether the home shard can read the rows of all by itself
 */
record RelayWay(Exchange exchange, Planner planner, List<String> begin, boolean within, boolean mayGather)
        implements RelaySteps.Way {

    /** Why values that are written as text may not be the same when they are read again; null when they are. */
    static @Nullable ErrorResponse refuse(ClientVariables variables) {
        if (variables.roundsFloats()) {
            return inexact("floating-point numbers", "Set extra_float_digits to 1 or more.");
        }
        return variables.writesIsoDates()
                ? null
                : inexact("dates and intervals", "Set DateStyle to ISO, and IntervalStyle to postgres.");
    }

    private static ErrorResponse inexact(String what, String hint) {
        return ErrorResponse.error("0A000", "cannot take " + what + " from one shard to another with these settings")
                .detail("As text they would not be the same.")
                .hint(hint);
    }

    @Override
    public SpreadTasks tasks(byte[] source, Input with) {
        return new SpreadTasks(
                source,
                with,
                new FanOutTask.Description.None(),
                begin,
                planner.topology().placement());
    }

    @Override
    public int bytesMax() {
        return exchange.messageBytesMax();
    }

    @Override
    public Route route(byte[] source, Input with, boolean atHome) {
        BoundPlan bound = planner.bind(planner.plan(source, 0, source.length), with.typeOids());
        Route route = route(planner, bound, with);
        return atHome && !(route instanceof Route.Refuse) ? atHome(bound.statement(), route) : route;
    }

    /** The route of a query with its values. */
    static Route route(Planner planner, byte[] source, Input with) {
        return route(planner, planner.bind(planner.plan(source, 0, source.length), with.typeOids()), with);
    }

    private static Route route(Planner planner, BoundPlan bound, Input with) {
        ByteBuf body = SqlStatements.body(new Bind("", "", with.formats(), with.values(), with.resultFormats()));
        BindView view = new BindView();
        view.wrap(body);
        Route route = planner.route(bound, view, body);
        if (route == null) {
            throw new IllegalStateException("all values are there");
        }
        return route;
    }

    /** The way of the home shard alone. */
    private Route atHome(@Nullable PlannedStatement statement, Route route) {
        Spread spread = null;
        if (statement instanceof PlannedStatement.Spreads spreads) {
            spread = spreads.spread();
        } else if (statement instanceof PlannedStatement.Keyed keyed) {
            spread = keyed.spread();
        } else {
            return route;
        }
        Gather gather = spread == null ? null : spread.gather();
        if (gather == null || planner.topology().gatherUnavailable() != null) {
            return new Route.Refuse(ErrorResponse.error(
                            "0A000", "a default that the home shard computes needs the rows of the source there")
                    .detail("The source can't be run by the home shard over the rows of all shards.")
                    .hint("Give the column a value."));
        }
        return new Route.Several(planner.topology().members(), new Spread(null, gather));
    }

    @Override
    public Step shipped(SpreadTasks tasks, Input with, Ship ship, Route route) throws SpreadTasks.Impossible {
        return new ShipTasks(tasks, with, ship, planner.topology(), bytesMax()).step(route);
    }

    @Override
    public void onWrite(Shard shard) {
        exchange.spread().participants().onWrite(shard);
        if (within) {
            exchange.transaction().onWrite(planner.isHome(shard));
        }
    }
}
