package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.EmptyQueryResponse;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoData;
import io.pgring.pgwire.backend.ParameterDescription;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.PlannedStatement.Administer;
import io.pgring.proxy.routing.PlannedStatement.Configure;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.routing.TransactionVerb;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Portals of statements about the session or the transaction. Their Parse and Bind are answered by the proxy, which runs the text
 * when Execute comes.
 */
final class VirtualPortals {
    private static final int[] NO_OIDS = new int[0];

    private final Exchange exchange;
    private final Planner planner;
    private final Map<String, Portal> portals = new HashMap<>(2);
    private final Set<String> done = new HashSet<>(2);

    /**
     * A portal.
     *
     * @param values of the parameters
     * @param columns what Describe tells of its rows
     */
    private record Portal(PreparedStatement statement, List<@Nullable String> values, BackendMessage columns) {}

    VirtualPortals(Exchange exchange, Planner planner) {
        this.exchange = exchange;
        this.planner = planner;
    }

    static boolean isVirtual(PreparedStatement statement) {
        PlannedStatement planned = statement.plan().statement();
        return planned == null
                || planned instanceof PlannedStatement.Transaction
                || planned instanceof PlannedStatement.Setting
                || planned instanceof PlannedStatement.CloseCursors
                || planned instanceof PlannedStatement.DiscardAll
                || planned instanceof PlannedStatement.Listening
                || planned instanceof PlannedStatement.DiscardPlans
                || planned instanceof PlannedStatement.Report
                || planned instanceof PlannedStatement.Administer
                || planned instanceof PlannedStatement.Configure
                || planned instanceof PlannedStatement.Prepare
                || planned instanceof PlannedStatement.Execute
                || planned instanceof PlannedStatement.Deallocate;
    }

    /** Whether the transaction has failed, and the statement does not end it. */
    boolean isBlocked(PreparedStatement statement) {
        PlannedStatement planned = statement.plan().statement();
        if (!exchange.isAborted()) {
            return false;
        }
        return !(planned instanceof PlannedStatement.Transaction control && control.mayFollowFailure());
    }

    /** Whether it can't be bound: after a failure the empty statement may be parsed, but no more. */
    private boolean isUnbindable(PreparedStatement statement) {
        boolean empty = statement.plan().statement() == null;
        return isBlocked(statement) || (empty && exchange.isAborted());
    }

    @Nullable
    PreparedStatement find(String name) {
        Portal portal = portals.isEmpty() ? null : portals.get(name);
        return portal == null ? null : portal.statement();
    }

    /** What Describe tells of the rows of the portal of a name, which there must be. */
    BackendMessage columns(String name) {
        return Objects.requireNonNull(portals.get(name)).columns();
    }

    /**
     * Bind.
     *
     * @param message the whole body
     * @return why not; null when it is done
     */
    @Nullable
    ErrorResponse bind(BindView bind, PreparedStatement statement, ByteBuf message) {
        Administer administer = statement.plan().statement() instanceof Administer found ? found : null;
        Configure configure = statement.plan().statement() instanceof Configure found ? found : null;
        int count =
                administer != null ? administer.parameterCount() : configure == null ? 0 : configure.parameterCount();
        if (bind.parameterCount() != count) {
            return StatementErrors.wrongParameters(statement, bind, count);
        }
        if (isUnbindable(statement)) {
            return Transaction.aborted();
        }
        String name = bind.portal();
        if (!name.isEmpty() && exchange.transaction().cursors().has(name)) {
            return StatementErrors.portalExists(name);
        }
        Bind decoded = Bind.decode(message.duplicate());
        int[] typeOids = statement.key().parameterTypeOids();
        if (administer != null && TableParameters.isUnreadable(administer, typeOids, decoded)) {
            return TableParameters.unreadable();
        }
        if (columns(statement) instanceof RowDescription rows) {
            ErrorResponse unfit = StatementErrors.wrongResultFormats(
                    decoded.resultFormats().length, rows.fields().size());
            if (unfit != null) {
                return unfit;
            }
        }
        portals.put(
                name,
                configure == null
                        ? new Portal(statement, TableParameters.values(decoded), columns(statement))
                        : new Portal(
                                statement,
                                ConfigureStatements.values(configure, decoded),
                                ConfigureStatements.columns(configure, decoded.resultFormats())));
        done.remove(name);
        return null;
    }

    /** What Describe tells of the parameters of one of these. */
    static ParameterDescription parameters(PreparedStatement statement) {
        if (statement.plan().statement() instanceof Configure configure) {
            return ConfigureStatements.parameters(configure, statement.key().parameterTypeOids());
        }
        return statement.plan().statement() instanceof Administer administer
                ? TableParameters.describe(administer, statement.key().parameterTypeOids())
                : new ParameterDescription(NO_OIDS);
    }

    /** What Describe tells of the rows of one of these. */
    static BackendMessage columns(PreparedStatement statement) {
        if (statement.plan().statement() instanceof Configure configure) {
            return ConfigureStatements.columns(configure, NO_OIDS);
        }
        if (statement.plan().statement() instanceof Administer administer) {
            return TableStatements.columns(administer);
        }
        return statement.plan().statement() instanceof PlannedStatement.Report report
                ? Reports.columns(report)
                : new NoData();
    }

    /** Another portal takes the name. */
    void remove(BindView bind) {
        if (!portals.isEmpty()) {
            portals.remove(bind.portal());
        }
    }

    /** What ends the portal that a name has now. */
    Runnable end(String name) {
        Portal portal = portals.get(name);
        return () -> portals.remove(name, portal);
    }

    /** Ends one; gives what puts it back, null if there is none of the name. */
    @Nullable
    Runnable close(String name) {
        Portal closed = portals.remove(name);
        return closed == null ? null : () -> portals.put(name, closed);
    }

    void clear() {
        portals.clear();
    }

    /**
     * Execute.
     *
     * @param rowsMax most rows that are wanted; 0 for all
     * @return false when it was not consumed, or was refused
     */
    boolean execute(String name, long rowsMax) {
        Portal portal = Objects.requireNonNull(portals.get(name));
        PreparedStatement statement = portal.statement();
        PlannedStatement planned = statement.plan().statement();
        if ((planned != null && isBlocked(statement)) || (done.contains(name) && exchange.isAborted())) {
            exchange.refuse(Transaction.aborted());
            return true;
        }
        if (done.contains(name) && planned instanceof Configure) {
            exchange.say(new CommandComplete("SELECT 0"));
            return true;
        }
        if (done.contains(name)) {
            exchange.refuse(ErrorResponse.error("55000", "portal \"" + name + "\" cannot be run"));
            return true;
        }
        if (!exchange.isSettled() || (endsOthers(name, planned) && !exchange.isAnswered())) {
            return false;
        }
        if (SharedStatements.isShared(planned) || planned instanceof Configure) {
            exchange.spread().end().goOn();
        }
        if (planned instanceof PlannedStatement.Transaction control && concernsPipeline(control)) {
            boolean ran = runWithin(control);
            if (ran) {
                onRun(name, portal);
            }
            return ran;
        }
        boolean consumed = SharedStatements.isAbout(exchange, planned)
                ? SharedStatements.run(exchange, planned, false)
                : run(portal, planned, rowsMax);
        if (consumed && planned != null) {
            onRun(name, portal);
        }
        return consumed;
    }

    /** Whether it is a partial rollback that ends other portals of the proxy's own: it must not fail afterwards. */
    private boolean endsOthers(String name, @Nullable PlannedStatement planned) {
        return planned instanceof PlannedStatement.Transaction control
                && control.verb() == TransactionVerb.ROLLBACK_TO
                && exchange.transaction().cursors().endsOwn(Objects.requireNonNull(control.savepoint()), name);
    }

    /** Portals end with the transaction in which they were made, and with the part of it that is rolled back. */
    private void onRun(String name, Portal portal) {
        PreparedStatement statement = portal.statement();
        done.add(name);
        if (statement.plan().statement() instanceof PlannedStatement.CloseCursors) {
            portals.put(name, portal);
            exchange.transaction().cursors().addOwnPortal(name, end(name));
        }
        if (statement.endsTransaction()) {
            portals.clear();
        }
    }

    /** Between two Syncs, where the client knows of no transaction. */
    private boolean runWithin(PlannedStatement.Transaction control) {
        switch (control.verb()) {
            case BEGIN, START_TRANSACTION -> {
                // What has been sent may still fail, and the BEGIN with it.
                if (!exchange.spread().settle()) {
                    return false;
                }
                beginWithin(control);
            }
            case COMMIT, ROLLBACK -> {
                if (control.chain()) {
                    sayOutside(control);
                } else if (exchange.spread().settle()) {
                    exchange.say(Transaction.noTransaction());
                    exchange.spread().end().end(control.verb() == TransactionVerb.COMMIT, false, false);
                } else {
                    return false;
                }
            }
            case SAVEPOINT, RELEASE, ROLLBACK_TO -> sayOutside(control);
            case SET_TRANSACTION -> setModes(control);
        }
        return true;
    }

    /** Statements up to the Sync are one transaction: also those behind a SET TRANSACTION, which PostgreSQL warns of and obeys. */
    private boolean concernsPipeline(PlannedStatement.Transaction control) {
        Transaction transaction = exchange.transaction();
        boolean begins = control.verb() == TransactionVerb.SET_TRANSACTION
                && control.modes() != null
                && !transaction.isOpen()
                && !exchange.segment().hasWork();
        if (begins) {
            transaction.beginPipeline();
        } else if (isPlainBegin(control) && exchange.reach().hasWorkAlone()) {
            exchange.reach().takeIn();
        }
        return transaction.isPipeline();
    }

    private void setModes(PlannedStatement.Transaction control) {
        if (exchange.transaction().isJoined()) {
            exchange.refuse(ErrorResponse.error(
                            "0A000", "SET TRANSACTION behind other statements of a pipeline is not supported")
                    .hint("Send BEGIN with the modes of the transaction before them."));
        } else if (exchange.transaction().answer(control) instanceof TransactionAnswer.Refusal refusal) {
            exchange.refuse(refusal.error());
        } else {
            sayOutside(control);
        }
    }

    private void sayOutside(PlannedStatement.Transaction control) {
        TransactionAnswer answer = Transaction.outside(control);
        if (answer instanceof TransactionAnswer.Refusal refusal) {
            exchange.refuse(refusal.error());
        } else if (answer instanceof TransactionAnswer.Tag tag) {
            exchange.say(Objects.requireNonNull(tag.notice()));
            exchange.say(new CommandComplete(tag.tag()));
        }
    }

    /** What the client has sent since the last Sync becomes the front of its transaction, as in PostgreSQL. */
    private void beginWithin(PlannedStatement.Transaction begin) {
        if (isPlainBegin(begin)) {
            exchange.transaction().toExplicit();
            exchange.say(new CommandComplete(begin.verb().tag()));
        } else {
            exchange.refuse(ErrorResponse.error("0A000", "BEGIN with modes behind other statements without a Sync")
                    .hint("Send a Sync before it."));
        }
    }

    private static boolean isPlainBegin(PlannedStatement.Transaction control) {
        boolean begins = control.verb() == TransactionVerb.BEGIN || control.verb() == TransactionVerb.START_TRANSACTION;
        return begins && control.modes() == null;
    }

    private boolean run(Portal portal, @Nullable PlannedStatement planned, long rowsMax) {
        PreparedStatement statement = portal.statement();
        if (planned == null) {
            exchange.say(new EmptyQueryResponse());
            return true;
        }
        if (planned instanceof PlannedStatement.DiscardAll) {
            return SessionStatements.discardAll(exchange);
        }
        if (planned instanceof PlannedStatement.Listening) {
            return ListenStatements.run(exchange, List.of(planned), false);
        }
        if (planned instanceof PlannedStatement.DiscardPlans) {
            SessionStatements.discardPlans(exchange);
            return true;
        }
        if (planned instanceof PlannedStatement.Report report) {
            Reports.run(exchange, planner, report);
            return true;
        }
        if (planned instanceof Administer administer) {
            return exchange.tables().run(administer, portal.values(), false);
        }
        if (planned instanceof Configure configure) {
            return ConfigureStatements.run(exchange, configure, portal.values(), rowsMax);
        }
        if (planned instanceof PlannedStatement.Prepare prepare) {
            return SqlStatements.prepare(exchange, planner, prepare);
        }
        if (planned instanceof PlannedStatement.Deallocate deallocate) {
            SessionStatements.deallocate(exchange, deallocate);
            return true;
        }
        if (planned instanceof PlannedStatement.Execute execute) {
            ErrorResponse refusal = SqlStatements.refuse(exchange, execute);
            exchange.refuse(refusal == null ? StatementErrors.noStatement(execute.name()) : refusal);
            return true;
        }
        if (LocalAnswers.answer(exchange, planned)) {
            return true;
        }
        boolean closes = planned instanceof PlannedStatement.CloseCursors;
        if (exchange.reach(closes ? CursorStatements.closeAll(exchange) : new Route.Any(), true) != Outcome.READY) {
            return false;
        }
        exchange.marks().onSent(statement.plan().plan(), planner.topology());
        CursorStatements.onSent(exchange, statement.plan().plan(), new Route.Any());
        LostConnection.onSent(exchange, statement.plan().plan());
        String text = new String(statement.key().text(), StandardCharsets.UTF_8);
        SessionStatements.run(exchange, text, planned.effect());
        return true;
    }
}
