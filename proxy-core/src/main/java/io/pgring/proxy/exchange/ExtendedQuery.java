package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.spread.Splicer;
import io.pgring.pgwire.backend.BindComplete;
import io.pgring.pgwire.backend.CloseComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.routing.BoundPlan;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import org.jspecify.annotations.Nullable;

/**
 * The extended query protocol (manual, "Extended Query"): Parse, Bind, Describe, Execute, Close, Flush and Sync.
 *
 * <p>A Parse names no shard: the values of its Bind do. So Parse, and Describe of a statement, are <em>deferred</em> until a Bind
 * shows the way; if a Flush or a Sync comes first, any shard can describe the statement. Statements about the session or the
 * transaction are <em>virtual</em>: their Parse and Bind are answered by the proxy, which runs the text when Execute comes.
 *
 * <p>Each method answers whether the message was consumed; if not, it is to come again.
 */
public final class ExtendedQuery {
    private final Exchange exchange;
    private final Planner planner;
    private final DeferredSteps deferred;
    private final VirtualPortals virtualPortals;
    private final SpreadPortals spreadPortals;
    private final BinaryPortals binaryPortals;
    private final Portals portals;

    /**
     * @param exchange the client's
     * @param planner the event loop's
     */
    public ExtendedQuery(Exchange exchange, Planner planner) {
        this.exchange = exchange;
        this.planner = planner;
        this.deferred = new DeferredSteps(exchange, planner);
        this.portals = new Portals(exchange, planner);
        this.virtualPortals = portals.virtual();
        this.spreadPortals = portals.spread();
        this.binaryPortals = portals.binary();
    }

    private boolean skips() {
        return exchange.input() == Exchange.Input.SKIPPING;
    }

    /** Whether a message is not to be looked at: it is skipped, or a Bind before it is to be answered first. */
    private boolean isHeldUp() {
        return skips() || !spreadPortals.answerBind(null);
    }

    /** Says no, after all that came before the message has been answered. */
    public boolean refuse(ErrorResponse error) {
        if (!deferred.send()) {
            return skips();
        }
        exchange.refuse(error);
        return true;
    }

    /** Parse. */
    public boolean onParse(Parse parse) {
        if (isHeldUp()) {
            return skips();
        }
        StatementTable statements = exchange.statements();
        String name = parse.statement();
        if (!name.isEmpty() && statements.find(name) != null) {
            return refuse(
                    exchange.isAborted()
                            ? Transaction.aborted()
                            : ErrorResponse.error("42P05", "prepared statement \"" + name + "\" already exists"));
        }
        if (!name.isEmpty() && statements.isFull()) {
            return refuse(StatementErrors.tooManyStatements());
        }
        Plan plan = planner.plan(parse.query(), 0, parse.query().length);
        BoundPlan bound = planner.bind(plan, parse.parameterTypeOids());
        if (bound.refusal() != null) {
            if (name.isEmpty()) {
                statements.remove(name);
            }
            return plan.unread() == null ? refuse(bound.refusal()) : show(parse.query(), bound.refusal());
        }
        PreparedStatement statement =
                new PreparedStatement(name, exchange.key(parse.query(), parse.parameterTypeOids()), bound);
        if (VirtualPortals.isVirtual(statement)) {
            return parseVirtual(statement);
        }
        statements.add(statement);
        if (deferred.isAtHand(statement)) {
            exchange.reach(new Route.Any(), false);
            StatementCarrier.parse(exchange, statement);
        } else {
            deferred.parse(statement);
        }
        return true;
    }

    /** A text that was not understood: after all that came before, a server may say what is wrong with it. */
    private boolean show(byte[] text, ErrorResponse unread) {
        if (!deferred.send()) {
            return skips();
        }
        return exchange.reach().show(text, unread) == Outcome.REFUSED;
    }

    private boolean parseVirtual(PreparedStatement statement) {
        if (!deferred.send()) {
            return skips();
        }
        if (statement.plan().statement() != null && virtualPortals.isBlocked(statement)) {
            return refuse(Transaction.aborted());
        }
        exchange.statements().add(statement);
        ListenStatements.sayNotice(exchange, statement.plan().statement());
        exchange.sayParsed(statement);
        return true;
    }

    /**
     * Bind.
     *
     * @param bind over the body, or over its front
     * @param message borrowed: the readable bytes end where the view's do
     * @param bodyLength of the whole message
     * @param pipelined whether another Bind is known to come before the next Sync
     * @return null when the shard can't be told before more of the message is there
     */
    public @Nullable Boolean onBind(BindView bind, ByteBuf message, int bodyLength, boolean pipelined) {
        if (isHeldUp()) {
            return skips();
        }
        portals.forgetEnded();
        String name = bind.statementIsUnnamed() ? "" : bind.statement();
        PreparedStatement statement = exchange.statements().find(name);
        if (statement == null) {
            return refuse(StatementErrors.noStatement(name));
        }
        bind.requireMatchingFormats();
        if (VirtualPortals.isVirtual(statement)) {
            if (statement.plan().statement() instanceof PlannedStatement.Execute execute) {
                return bindExecuted(execute, statement, bind, message, bodyLength);
            }
            return bindVirtual(statement, bind, message, bodyLength);
        }
        Route decided = route(statement, bind, message);
        if (decided == null) {
            return null;
        }
        Route route = exchange.work().moveWait().admit(planner, decided);
        if (route == null) {
            return skips();
        }
        boolean alone = !exchange.transaction().isOpen() && !exchange.segment().hasExecuted();
        if (pipelined && alone && statement.plan().plan().namesSharded() && !(route instanceof Route.Refuse)) {
            exchange.transaction().beginPipeline();
        }
        if (SpreadPortals.isSpread(route)) {
            return bindSpread(statement, bind, message, bodyLength, route);
        }
        if ((deferred.needsHomeWithout(statement) && !deferred.send()) || !deferred.reach(route, true)) {
            return skips();
        }
        ErrorResponse taken = portals.takenElsewhere(bind, statement);
        if (taken != null) {
            return refuse(taken);
        }
        Expected expected = portals.onBindSent(bind, exchange.transaction().isOpen());
        onBound(statement);
        if (statement.plan().plan().usesCursors()) {
            CursorStatements.onSent(exchange, statement.plan().plan(), route);
        }
        binaryPortals.onBind(statement, bind);
        StatementCarrier.bind(exchange, statement, bind, message, bodyLength, expected);
        return true;
    }

    private @Nullable Route route(PreparedStatement statement, BindView bind, ByteBuf message) {
        statement.toCurrentPlan(planner);
        Plan plan = statement.plan().plan();
        ErrorResponse refusal = NameCheck.refusal(exchange, planner, plan);
        if (refusal != null) {
            return new Route.Refuse(refusal);
        }
        Route route = planner.route(statement.plan(), bind, message);
        if (route == null || !plan.usesCursors()) {
            return route == null ? null : ListenStatements.route(exchange, plan.single(), route);
        }
        statement.toText(null);
        Route decided = CursorStatements.route(exchange, planner.homeShard(), plan, route);
        if (decided instanceof Route.Gathered gathered) {
            byte[] text = statement.key().text();
            statement.toText(Splicer.apply(text, 0, text.length, gathered.splices()));
        }
        return decided;
    }

    private void onBound(PreparedStatement statement) {
        LostConnection.onSent(exchange, statement.plan().plan());
        Shard shard = exchange.requireServer().shard();
        boolean alone = !exchange.transaction().isOpen();
        if (alone) {
            exchange.segment().onBind();
        }
        if (statement.plan().plan().writes() && alone) {
            exchange.segment().onWrite(planner.isHome(shard));
        } else if (statement.plan().plan().writes()) {
            exchange.spread().onWrite(shard, planner.isHome(shard));
        }
        if (statement.plan().plan().notifies()) {
            exchange.channels().onNotify(shard);
        }
        exchange.marks().onSent(statement.plan().plan(), planner.topology());
        if (statement.plan().plan().defines()) {
            exchange.transaction().onDefinition(statement.plan().plan().isEverywhere());
        }
    }

    private @Nullable Boolean bindSpread(
            PreparedStatement statement, BindView bind, ByteBuf message, int bodyLength, Route route) {
        if (message.readableBytes() < bodyLength) {
            return null;
        }
        if (!deferred.send()) {
            return skips();
        }
        int parameters = SqlStatements.parameterCount(statement);
        if (bind.parameterCount() != parameters) {
            return refuse(StatementErrors.wrongParameters(statement, bind, parameters));
        }
        if (exchange.isAborted()) {
            return refuse(Transaction.aborted());
        }
        if (portals.isTaken(bind)) {
            return refuse(StatementErrors.portalExists(bind.portal()));
        }
        if (!isCertain()) {
            // If what was sent before fails, the portal is not made, and the one that has its name stays.
            return false;
        }
        virtualPortals.remove(bind);
        portals.onOwn(bind, spreadPortals.add(bind, statement, message, route));
        return true;
    }

    /** Whether nothing that was sent before can still fail in the client's transaction; if not now, the message is to come again. */
    private boolean isCertain() {
        return !exchange.connections().takesPart() || exchange.replies().isEmpty() || exchange.isAnswered();
    }

    /** The portal of EXECUTE is one of the statement that it names. */
    private @Nullable Boolean bindExecuted(
            PlannedStatement.Execute execute,
            PreparedStatement statement,
            BindView bind,
            ByteBuf message,
            int bodyLength) {
        if (message.readableBytes() < bodyLength) {
            return null;
        }
        if (!deferred.send()) {
            return skips();
        }
        if (bind.parameterCount() > 0) {
            return refuse(StatementErrors.superfluousParameters(statement, bind));
        }
        ErrorResponse refusal = SqlStatements.refuse(exchange, execute);
        PreparedStatement executes = exchange.statements().find(execute.name());
        if (refusal != null && exchange.isAborted()) {
            return refuse(refusal);
        }
        if (refusal != null || executes == null) {
            return bindVirtual(statement, bind, message, bodyLength);
        }
        int[] resultFormats = Bind.decode(message.duplicate()).resultFormats();
        ByteBuf body = SqlStatements.body(SqlStatements.bind(execute, executes, bind.portal(), resultFormats));
        BindView executed = new BindView();
        executed.wrap(body);
        return onBind(executed, body, body.readableBytes(), false);
    }

    private @Nullable Boolean bindVirtual(PreparedStatement statement, BindView bind, ByteBuf message, int bodyLength) {
        if (message.readableBytes() < bodyLength) {
            return null;
        }
        if (!deferred.send()) {
            return skips();
        }
        ErrorResponse refusal = virtualPortals.bind(bind, statement, message);
        if (refusal != null) {
            return refuse(refusal);
        }
        spreadPortals.remove(bind);
        exchange.say(new BindComplete(), portals.onOwn(bind, virtualPortals.end(bind.portal())));
        return true;
    }

    /** Describe. */
    public boolean onDescribe(Describe describe) {
        if (isHeldUp()) {
            return skips();
        }
        return describe.target() == Target.STATEMENT
                ? describeStatement(describe.name())
                : describePortal(describe.name());
    }

    private boolean describeStatement(String name) {
        PreparedStatement statement = exchange.statements().find(name);
        if (statement == null) {
            return refuse(StatementErrors.noStatement(name));
        }
        binaryPortals.onDescribeStatement();
        if (VirtualPortals.isVirtual(statement)) {
            return deferred.send() ? describeVirtual(statement) : skips();
        } else if (deferred.isAtHand(statement)) {
            exchange.reach(new Route.Any(), false);
            DeferredSteps.sendDescribe(exchange, statement);
        } else {
            deferred.describe(statement);
        }
        return true;
    }

    private @Nullable PreparedStatement executed(PreparedStatement statement) {
        PreparedStatement executed = statement.plan().statement() instanceof PlannedStatement.Execute execute
                ? exchange.statements().find(execute.name())
                : null;
        return executed == null || VirtualPortals.isVirtual(executed) ? null : executed;
    }

    private boolean describeVirtual(PreparedStatement statement) {
        PreparedStatement executed = executed(statement);
        if (executed != null && !deferred.reach(executed.needsHome() ? planner.home() : new Route.Any(), false)) {
            return skips();
        }
        exchange.say(VirtualPortals.parameters(statement));
        describeColumns(statement, executed);
        return true;
    }

    private void describeColumns(PreparedStatement statement, @Nullable PreparedStatement executed) {
        if (executed != null) {
            String name = StatementCarrier.serverName(exchange, executed);
            exchange.send(new Describe(Target.STATEMENT, name), Expected.DESCRIBE_EXECUTED);
        } else {
            exchange.say(VirtualPortals.columns(statement));
        }
    }

    private boolean describePortal(String name) {
        if (!deferred.send()) {
            return skips();
        }
        portals.forgetEnded();
        SpreadPortal spread = spreadPortals.find(name);
        if (spread != null) {
            return spreadPortals.describe(spread) || skips();
        }
        PreparedStatement virtual = virtualPortals.find(name);
        PreparedStatement executed = virtual == null ? null : executed(virtual);
        if (virtual != null && executed != null && !exchange.isAborted()) {
            if (!deferred.reach(executed.needsHome() ? planner.home() : new Route.Any(), false)) {
                return skips();
            }
            describeColumns(virtual, executed);
        } else if (virtual != null) {
            exchange.say(virtualPortals.columns(name));
        } else if (portals.isNowhere(name)) {
            return refuse(StatementErrors.noPortal(name));
        } else if (!deferred.reach(portals.route(name), false)) {
            return skips();
        } else {
            exchange.send(new Describe(Target.PORTAL, name), Expected.DESCRIBE_PORTAL);
            binaryPortals.onDescribe(name);
        }
        return true;
    }

    /** Execute. */
    public boolean onExecute(Execute execute) {
        if (skips() || !spreadPortals.answerBind(spreadPortals.find(execute.portal())) || !deferred.send()) {
            return skips();
        }
        portals.forgetEnded();
        int rowsMax = Math.max(0, execute.maxRows());
        PreparedStatement virtual = virtualPortals.find(execute.portal());
        if (virtual != null) {
            boolean consumed = virtualPortals.execute(execute.portal(), rowsMax);
            if (consumed && virtual.endsTransaction()) {
                portals.onTransactionEnd();
            }
            return consumed || skips();
        }
        SpreadPortal spread = spreadPortals.find(execute.portal());
        if (spread != null) {
            return spreadPortals.execute(spread, rowsMax) || skips();
        }
        if (portals.isNowhere(execute.portal())) {
            return refuse(StatementErrors.noPortal(execute.portal()));
        }
        if (!deferred.reach(portals.route(execute.portal()), true)) {
            return skips();
        }
        binaryPortals.beforeExecute(execute.portal());
        exchange.send(execute, Expected.EXECUTE);
        exchange.segment().onExecute();
        return true;
    }

    /** Close. */
    public boolean onClose(Close close) {
        if (isHeldUp()) {
            return skips();
        }
        if (!deferred.send()) {
            return skips();
        }
        if (close.target() == Target.STATEMENT) {
            PreparedStatement closed = exchange.statements().remove(close.name());
            exchange.say(
                    new CloseComplete(),
                    closed == null ? null : () -> exchange.statements().restore(closed));
            return true;
        }
        if (spreadPortals.find(close.name()) != null && !isCertain()) {
            return false;
        }
        Runnable virtual = virtualPortals.close(close.name());
        if (virtual != null) {
            Runnable undo = portals.onClose(close.name());
            exchange.say(new CloseComplete(), () -> {
                virtual.run();
                undo.run();
            });
        } else if (spreadPortals.close(close.name())
                || exchange.isFailedElsewhere()
                || portals.isNowhere(close.name())) {
            exchange.say(new CloseComplete(), portals.onClose(close.name()));
        } else if (!deferred.reach(portals.route(close.name()), false)) {
            return skips();
        } else {
            exchange.send(close, new Expected.PortalStep(Expected.Kind.CLOSE, portals.onClose(close.name())));
        }
        return true;
    }

    /** Flush. */
    public boolean onFlush() {
        if (skips() || exchange.input() == Exchange.Input.COPYING_IN) {
            return true;
        }
        if (isHeldUp() || !deferred.send()) {
            return skips();
        }
        if (exchange.segment().isOpen()) {
            new Flush().encode(exchange.requireServer().gather());
        }
        return true;
    }

    /** A message of another chapter comes: what was deferred goes first. */
    public boolean onOtherMessage() {
        return skips() || (!isHeldUp() && deferred.send()) || skips();
    }

    /** A simple query comes. */
    public void onQuery() {
        portals.onQuery();
    }

    /** Sync. */
    public boolean onSync() {
        if (exchange.input() == Exchange.Input.COPYING_IN) {
            return true;
        }
        if (!onOtherMessage()) {
            return false;
        }
        deferred.clear();
        portals.onSync();
        exchange.ready();
        return true;
    }
}
