package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.spread.Splicer;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.EmptyQueryResponse;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.ShardStatement;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.topology.Shard;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simple query protocol (manual, "Simple Query"): a string of statements, answered as one unit with one ReadyForQuery. The
 * string is sent as it is, whole, to one shard, so that its implicit transaction is PostgreSQL's own.
 */
public final class SimpleQuery {
    private static final int HEADER_BYTES = 5;

    private final Exchange exchange;
    private final Planner planner;
    private final TextBuffer text;

    /**
     * @param exchange the client's
     * @param planner the event loop's
     * @param text the event loop's scratch for texts
     */
    public SimpleQuery(Exchange exchange, Planner planner, TextBuffer text) {
        this.exchange = exchange;
        this.planner = planner;
        this.text = text;
    }

    /**
     * Query.
     *
     * @param in borrowed; the whole message is at {@code [index, index + length)}
     * @return whether it was consumed; if not, it is to come again
     */
    public boolean onQuery(ByteBuf in, int index, int length) {
        if (exchange.input() == Exchange.Input.SKIPPING) {
            return true;
        }
        requireString(in, index + HEADER_BYTES, index + length);
        if (exchange.transaction().isPipeline() || exchange.spread().end().isUncommitted()) {
            exchange.refuse(ErrorResponse.error("0A000", "a simple query can't follow extended ones without a Sync")
                    .hint("Send a Sync before it."));
            exchange.ready();
            return true;
        }
        exchange.statements().remove("");
        int textLength = length - HEADER_BYTES - 1;
        byte[] bytes = text.read(in, index + HEADER_BYTES, textLength);
        Plan plan = planner.plan(bytes, 0, textLength);
        PlannedStatement single = plan.single();
        if (plan.isEmpty() && !exchange.segment().isOpen()) {
            exchange.say(new EmptyQueryResponse());
            exchange.ready();
            return true;
        }
        if (single != null && plan.refusal() == null) {
            Boolean consumed = answerSingle(single);
            if (consumed != null) {
                return consumed;
            }
        }
        if (plan.listens() && plan.refusal() == null) {
            Boolean consumed = answerListening(plan);
            if (consumed != null) {
                return consumed;
            }
        }
        ErrorResponse unread = plan.unread();
        if (unread != null) {
            return show(Arrays.copyOf(bytes, textLength), unread);
        }
        Route route = exchange.work().moveWait().admit(planner, route(plan));
        if (route == null) {
            return false;
        }
        if (SpreadPortals.isSpread(route)) {
            return runSpread(plan, route, Arrays.copyOf(bytes, textLength));
        }
        return switch (reach(plan, route)) {
            case LATER -> false;
            case REFUSED -> {
                exchange.ready();
                yield true;
            }
            case READY -> {
                onReached(plan, route);
                send(plan, route, in, index, length);
                yield true;
            }
        };
    }

    /** Several statements may begin with the end of a transaction that has failed before any server had it: then one gets it all the same. */
    private Outcome reach(Plan plan, Route route) {
        boolean ends = plan.single() == null
                && !plan.isEmpty()
                && !(route instanceof Route.Refuse)
                && plan.statements().get(0) instanceof PlannedStatement.Transaction control
                && control.mayFollowFailure();
        Outcome outcome = ends ? exchange.reach().bringFailure(route) : Outcome.READY;
        return outcome == Outcome.READY ? exchange.reach(route, true) : outcome;
    }

    /** What is behind the first zero byte would be seen by the proxy and not by a server, or the other way round. */
    private static void requireString(ByteBuf in, int from, int to) {
        int end = in.indexOf(from, to, (byte) 0);
        if (end < 0) {
            throw ProtocolViolation.invalidString();
        }
        if (end != to - 1) {
            throw ProtocolViolation.invalidFormat();
        }
    }

    /** Tells whether a statement that no server may need was consumed; null when it needs one. */
    private @Nullable Boolean answerSingle(PlannedStatement single) {
        if (!exchange.isSettled()) {
            return false;
        }
        if (SharedStatements.isAbout(exchange, single)) {
            return SharedStatements.run(exchange, single, true);
        }
        if (single instanceof PlannedStatement.Execute execute) {
            return SqlStatements.query(exchange, planner, execute);
        }
        if (single instanceof PlannedStatement.Prepare prepare) {
            return readyIf(SqlStatements.prepare(exchange, planner, prepare));
        }
        if (single instanceof PlannedStatement.DiscardAll) {
            return readyIf(SessionStatements.discardAll(exchange));
        }
        if (single instanceof PlannedStatement.Administer administer) {
            return exchange.tables().run(administer, List.of(), true);
        }
        if (single instanceof PlannedStatement.Configure configure) {
            return ConfigureStatements.run(exchange, configure, List.of(), -1);
        }
        if (answerLocally(single)) {
            exchange.ready();
            return true;
        }
        return null;
    }

    /** Tells whether a text with LISTEN or UNLISTEN in it was consumed; null when it needs a server, and may be sent to one. */
    private @Nullable Boolean answerListening(Plan plan) {
        if (!exchange.isSettled()) {
            return false;
        }
        if (ListenStatements.areAll(plan.statements())) {
            return readyIf(ListenStatements.run(exchange, plan.statements(), true));
        }
        Outcome outcome = exchange.channels().reach(plan.effects());
        return outcome == Outcome.READY ? null : (Boolean) readyIf(outcome == Outcome.REFUSED);
    }

    private boolean show(byte[] own, ErrorResponse unread) {
        if (exchange.reach().show(own, unread) == Outcome.LATER) {
            return false;
        }
        exchange.ready();
        return true;
    }

    private boolean readyIf(boolean consumed) {
        if (consumed) {
            exchange.ready();
        }
        return consumed;
    }

    private void onReached(Plan plan, Route route) {
        if (plan.usesCursors()) {
            CursorStatements.onSent(exchange, plan, route);
        }
        exchange.marks().onSent(plan, planner.topology());
        if (plan.defines()) {
            exchange.transaction().onDefinition(plan.isEverywhere());
        }
        Shard shard = exchange.requireServer().shard();
        LostConnection.onSent(exchange, plan);
        if (plan.writes() && exchange.transaction().isOpen()) {
            exchange.spread().onWrite(shard, planner.isHome(shard));
        }
        if (plan.notifies()) {
            exchange.channels().onNotify(shard);
        }
    }

    private Route route(Plan plan) {
        ErrorResponse refusal = NameCheck.refusal(exchange, planner, plan);
        if (refusal != null) {
            return new Route.Refuse(refusal);
        }
        boolean several = plan.single() == null && exchange.spread().isSpread();
        if (several && (plan.listens() || plan.statements().stream().anyMatch(SharedStatements::isShared))) {
            return new Route.Refuse(SharedStatements.notAmongOthers());
        }
        if (exchange.variables().hasPending() && endsBeforeSavepoint(plan)) {
            return new Route.Refuse(StatementErrors.savepointBehindEnd());
        }
        Route route = ListenStatements.route(exchange, plan.single(), planner.route(plan));
        if (plan.usesCursors()) {
            route = CursorStatements.route(exchange, planner.homeShard(), plan, route);
        }
        if (plan.single() instanceof PlannedStatement.Declare) {
            return route;
        }
        if (route instanceof Route.Gathered && exchange.transaction().hasWritten()) {
            return new Route.Refuse(ShipTasks.impossible());
        }
        return route;
    }

    /** Should one of them fail, it is not known how many have run: a savepoint might be taken for one of the transaction before. */
    private static boolean endsBeforeSavepoint(Plan plan) {
        boolean ends = false;
        for (PlannedStatement statement : plan.statements()) {
            SessionEffect effect = statement.effect();
            if (ends && effect instanceof SessionEffect.Savepoint) {
                return true;
            }
            ends |= effect instanceof SessionEffect.End;
        }
        return false;
    }

    private boolean runSpread(Plan plan, Route route, byte[] own) {
        if (plan.defines()) {
            exchange.transaction().onDefinition(plan.isEverywhere());
        }
        return runSpread(exchange, planner, route, plan.writes(), own, ShardStatement.Input.PLAIN);
    }

    /** Runs a text over several shards, answering as to a simple Query. The text must be the caller's to keep. */
    static boolean runSpread(
            Exchange exchange, Planner planner, Route route, boolean writes, byte[] text, ShardStatement.Input input) {
        switch (exchange.spread().prepare()) {
            case LATER -> {
                return false;
            }
            case REFUSED -> exchange.ready();
            case READY -> {
                SpreadChoice.Choice choice =
                        new SpreadChoice(exchange, planner).choose(route, writes, text, input, true);
                if (choice.refusal() != null) {
                    exchange.refuse(choice.refusal());
                    exchange.ready();
                } else {
                    exchange.transaction().onQueryAside();
                    exchange.spread().run(choice.requireStep(), choice.manner(), true);
                }
            }
        }
        return true;
    }

    private boolean resets(SessionEffect effect) {
        return !exchange.variables().defaultsAfter(effect).isEmpty();
    }

    private void send(Plan plan, Route route, ByteBuf in, int index, int length) {
        if (plan.single() instanceof PlannedStatement.Setting setting && resets(setting.effect())) {
            SessionStatements.run(exchange, setting.text(), setting.effect());
            exchange.ready();
            return;
        }
        if (plan.listens() || plan.effects().stream().anyMatch(this::resets)) {
            // The server listens, or has its own defaults, in the midst of other statements: nobody else is to have it.
            exchange.requireServer().condemn();
        }
        FanOutTask.Positions positions = FanOutTask.Positions.SAME;
        if (route instanceof Route.Gathered gathered) {
            int textLength = length - HEADER_BYTES - 1;
            byte[] own = Arrays.copyOf(text.read(in, index + HEADER_BYTES, textLength), textLength);
            byte[] spliced = Splicer.apply(own, 0, textLength, gathered.splices());
            positions = position -> Splicer.originalPosition(own, 0, own.length, gathered.splices(), position);
            Query.of(new String(spliced, StandardCharsets.UTF_8))
                    .encode(exchange.requireServer().gather());
        } else {
            exchange.requireServer().write(in, index, length);
        }
        exchange.requireServer().statements().setUnnamed(null);
        boolean plain = plan.effects().isEmpty() && positions == FanOutTask.Positions.SAME;
        exchange.expect(plain ? Expected.QueryStep.PLAIN : new Expected.QueryStep(plan.effects(), positions));
        exchange.toInput(Exchange.Input.ANSWERING);
    }

    private boolean answerLocally(PlannedStatement statement) {
        if (statement instanceof PlannedStatement.Report report) {
            if (!exchange.isAborted()) {
                exchange.say(Reports.columns(report));
            }
            Reports.run(exchange, planner, report);
            return true;
        }
        if (statement instanceof PlannedStatement.DiscardPlans) {
            SessionStatements.discardPlans(exchange);
            return true;
        }
        if (statement instanceof PlannedStatement.Deallocate deallocate) {
            SessionStatements.deallocate(exchange, deallocate);
            return true;
        }
        return LocalAnswers.answer(exchange, statement);
    }

    /**
     * FunctionCall: calls a function by its oid, which only the home server can know. One that may use other tables than PostgreSQL's own is
     * refused.
     *
     * @param in borrowed; the whole message is at {@code [index, index + length)}
     * @param home the route to the home shard
     * @return whether it was consumed; if not, it is to come again
     */
    public boolean onFunctionCall(ByteBuf in, int index, int length, Route home) {
        if (exchange.input() == Exchange.Input.SKIPPING) {
            return true;
        }
        ErrorResponse refusal =
                length < HEADER_BYTES + Integer.BYTES ? null : FunctionCheck.refusal(in.getInt(index + HEADER_BYTES));
        return switch (exchange.reach(refusal == null ? home : new Route.Refuse(refusal), true)) {
            case LATER -> false;
            case REFUSED -> {
                exchange.ready();
                yield true;
            }
            case READY -> {
                if (exchange.transaction().isOpen()) {
                    exchange.spread().onWrite(exchange.requireServer().shard(), true);
                } else {
                    LostConnection.onMayCommit(exchange);
                }
                exchange.requireServer().write(in, index, length);
                exchange.expect(Expected.QueryStep.PLAIN);
                exchange.toInput(Exchange.Input.ANSWERING);
                yield true;
            }
        };
    }
}
