package io.pgring.proxy.exchange;

import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.Relay;
import io.pgring.pgsql.spread.Scatter;
import io.pgring.pgsql.spread.Ship;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ShardHealth;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.ShardStatement.Input;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which way a statement on several shards goes, as the client's transaction stands.
 *
 * <p>A transaction that has written nothing, at PostgreSQL's default isolation level, sees in each statement what is committed: its reads
 * may as well run aside of it. Otherwise they must run on its own connections. What the home shard gathers comes from connections of
 * its own, so it would miss what the transaction has written elsewhere: then the rows are handed to it.
 */
final class SpreadChoice {
    private final Exchange exchange;
    private final Topology topology;
    private final Planner planner;

    /** What is to be run, and how; or why it can't be. */
    record Choice(
            @Nullable Step step, Manner manner, @Nullable ErrorResponse refusal) {
        private static Choice refuse(ErrorResponse error) {
            return new Choice(null, Manner.ASIDE, error);
        }

        Step requireStep() {
            return Objects.requireNonNull(step);
        }
    }

    SpreadChoice(Exchange exchange, Planner planner) {
        this.exchange = exchange;
        this.planner = planner;
        this.topology = planner.topology();
    }

    /**
     * Chooses. The transaction counts as brought to the connections of the task from then on.
     *
     * @param writes whether the statement may change rows
     * @param simple whether it came as a simple Query
     */
    Choice choose(Route asked, boolean writes, byte[] text, Input input, boolean simple) {
        Route wanted = asked instanceof Route.Explained explained ? explained.route() : asked;
        Route route = exchange.variables().roundsFloats() ? RoundedFloats.avoid(wanted) : wanted;
        if (route instanceof Route.Refuse || hasOldSnapshot(route)) {
            return Choice.refuse(
                    route instanceof Route.Refuse refused ? refused.error() : StatementErrors.rowsHaveMoved());
        }
        if (route instanceof Route.Relayed relayed) {
            return asked instanceof Route.Explained explained
                    ? explain(explained, relayed, text, input, simple)
                    : relay(relayed, text, input, simple);
        }
        if (route instanceof Route.Everywhere everywhere
                && everywhere.command() != null
                && !exchange.transaction().isOpen()) {
            return Choice.refuse(
                    ErrorResponse.error("25P01", everywhere.command() + " can only be used in transaction blocks"));
        }
        boolean scatters =
                route instanceof Route.Several several ? several.spread().scatter() != null : !isGathered(route);
        Manner manner = manner(writes, !(route instanceof Route.Everywhere everywhere) || everywhere.transactional());
        if (route instanceof Route.Everywhere
                && exchange.transaction().cursors().hasGathered()) {
            return Choice.refuse(afterGatheredCursor());
        }
        boolean ships = !scatters && manner == Manner.WITHIN && !mayGatherWithin(writes);
        Ship ship = ships ? ship(asked) : null;
        ErrorResponse obstacle = scatters ? null : obstacle(ships, ship);
        if (obstacle != null) {
            return Choice.refuse(obstacle);
        }
        boolean there = route instanceof Route.Single single
                && exchange.connections().participants().has(single.shard());
        List<String> begin =
                there && manner == Manner.WITHIN ? List.of() : exchange.spread().begin(manner);
        if (begin == null) {
            return Choice.refuse(notJoined());
        }
        if (writes && manner == Manner.WITHIN) {
            exchange.transaction().onWrite(!scatters);
        }
        SpreadTasks tasks = new SpreadTasks(
                text, input, description(simple, writes || !input.equals(Input.PLAIN)), begin, topology.placement());
        try {
            if (ship != null) {
                return new Choice(shipped(ship, route, tasks, input, writes), manner, null);
            }
            FanOutTask task = asked instanceof Route.Explained explained
                    ? ExplainTasks.explain(explained, task(tasks, route, false), text)
                    : task(tasks, route, simple);
            if (writes && manner != Manner.ASIDE) {
                task.statements()
                        .forEach(statement -> exchange.spread().participants().onWrite(statement.shard()));
            }
            return new Choice(Step.only(task), manner, null);
        } catch (SpreadTasks.Impossible impossible) {
            return Choice.refuse(impossible.error());
        }
    }

    /** Whether it reads by snapshots of which some may be from a time when other rows were hidden. */
    private boolean hasOldSnapshot(Route route) {
        boolean reads = !(route instanceof Route.Everywhere)
                && !(route instanceof Route.Split)
                && !(route instanceof Route.CopyIn)
                && !(route instanceof Route.Single);
        return reads && OldSnapshots.ofSeveral(exchange, topology.placement());
    }

    /**
     * Why the home shard can't have the rows of all shards; null when it can. It does not read from one that is back before this proxy has connections
     * to it again, for which it is told first of what is committed.
     */
    private @Nullable ErrorResponse obstacle(boolean ships, @Nullable Ship ship) {
        if (ships) {
            return ship == null ? ShipTasks.impossible() : null;
        }
        for (Shard shard : topology.members()) {
            ShardHealth health = exchange.connections().health(shard);
            if (health.isDown()) {
                return health.cause();
            }
        }
        return null;
    }

    private static ErrorResponse afterGatheredCursor() {
        return ErrorResponse.error(
                        "0A000", "a statement that every shard must run can't follow a cursor over several shards")
                .detail("The home shard reads for the cursor from the others until the transaction ends.")
                .hint("Run it before the cursor is declared, or in another transaction.");
    }

    private static ErrorResponse notJoined() {
        return ErrorResponse.error("0A000", "transaction touches more than one shard")
                .detail("It was begun together with other statements, so it can't be brought to further shards.")
                .hint("Send BEGIN by itself.");
    }

    private Choice relay(Route.Relayed route, byte[] text, Input input, boolean simple) {
        ErrorResponse refusal = RelayWay.refuse(exchange.variables());
        Manner manner = manner(true, true);
        List<String> begin = refusal == null ? exchange.spread().begin(manner) : null;
        if (begin == null) {
            return Choice.refuse(refusal == null ? notJoined() : refusal);
        }
        boolean mayGather = manner != Manner.WITHIN || mayGatherWithin(true);
        RelaySteps.Way way = new RelayWay(exchange, planner, begin, manner == Manner.WITHIN, mayGather);
        return new Choice(new RelaySteps(route, text, input, simple, way).judge(), manner, null);
    }

    /** The plan of the source says what there is to say. */
    private Choice explain(Route.Explained explained, Route.Relayed route, byte[] text, Input input, boolean simple) {
        Relay relay = route.relay();
        int columns = relay.sourceColumns();
        byte[] source = (columns < 0 ? relay.source() : relay.rows(columns).read()).of(text);
        Route ofSource = RelayWay.route(planner, source, input);
        Route known = ofSource instanceof Route.Any ? new Route.Single(topology.home()) : ofSource;
        Choice choice = choose(known, false, source, input, simple);
        return choice.refusal() != null || !explained.statement().text()
                ? choice
                : new Choice(
                        Step.only(ExplainTasks.relayed(choice.requireStep().task(), relay.takesAway())),
                        choice.manner(),
                        null);
    }

    private FanOutTask task(SpreadTasks tasks, Route route, boolean simple) throws SpreadTasks.Impossible {
        if (route instanceof Route.Everywhere everywhere) {
            return tasks.everywhere(everywhere.shards(), simple);
        }
        if (route instanceof Route.Split split) {
            return tasks.split(split);
        }
        if (route instanceof Route.CopyIn copy) {
            return tasks.copiedIn(copy, exchange.messageBytesMax());
        }
        if (route instanceof Route.CopyOut copy) {
            return tasks.copiedOut(copy);
        }
        if (route instanceof Route.Single single) {
            return tasks.on(single.shard());
        }
        Route.Several several = (Route.Several) route;
        Scatter scatter = several.spread().scatter();
        Gather gather = several.spread().gather();
        return scatter != null
                ? tasks.scattered(several.shards(), scatter)
                : tasks.gathered(topology.home(), Objects.requireNonNull(gather).splices());
    }

    private static boolean isGathered(Route route) {
        return route instanceof Route.ShippedCursor || (route instanceof Route.CopyOut copy && copy.gather() != null);
    }

    /** How the home shard runs it as a part of the transaction; null if it can't. */
    private static @Nullable Ship ship(Route route) {
        Gather gather = null;
        if (route instanceof Route.ShippedCursor cursor) {
            return cursor.ship();
        } else if (route instanceof Route.Several several) {
            gather = several.spread().gather();
        } else if (route instanceof Route.CopyOut copy) {
            gather = copy.gather();
        }
        return gather == null ? null : gather.ship();
    }

    private Step shipped(Ship ship, Route route, SpreadTasks tasks, Input input, boolean writes)
            throws SpreadTasks.Impossible {
        if (writes) {
            exchange.spread().participants().onWrite(topology.home());
        }
        if (route instanceof Route.ShippedCursor cursor) {
            exchange.transaction()
                    .cursors()
                    .add(new Cursors.Cursor(cursor.cursor(), topology.home(), Cursors.Origin.SHIPPED, false));
        }
        return new ShipTasks(tasks, input, ship, topology, exchange.messageBytesMax()).step(route);
    }

    /** What can't be run in a transaction goes to the servers of an open one nonetheless: they refuse it in their own words. */
    private Manner manner(boolean writes, boolean transactional) {
        Transaction transaction = exchange.transaction();
        if (!transaction.isOpen()) {
            return writes && transactional ? Manner.ALONE : Manner.ASIDE;
        }
        boolean aside = !writes && !transaction.hasWritten() && isPlain();
        return aside ? Manner.ASIDE : Manner.WITHIN;
    }

    private boolean isPlain() {
        return exchange.transaction().isPlain() && exchange.variables().isPlain();
    }

    /**
     * What it writes is on the home shard, and so is all that was written before, which it may read there. Behind a gathered cursor it
     * would read the other shards as they were then.
     */
    private boolean mayGatherWithin(boolean writes) {
        Transaction transaction = exchange.transaction();
        return writes
                && isPlain()
                && !transaction.hasWrittenElsewhere()
                && !transaction.cursors().hasGathered();
    }

    /** @param late whether PostgreSQL collects the rows before it describes them, as for RETURNING and EXECUTE */
    private static FanOutTask.Description description(boolean simple, boolean late) {
        return simple ? new FanOutTask.Description.OfRows(late) : new FanOutTask.Description.None();
    }
}
