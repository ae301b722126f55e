package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The portals of the extended protocol whose rows are on several shards. Execute makes the shards work, and says first whether its Bind
 * was right; if something else comes before, a server is asked, which also describes them.
 */
final class SpreadPortals {
    /** Of the portal by which a server describes one. */
    private static final String DESCRIBED = "pgring";

    private final Exchange exchange;
    private final Planner planner;
    private final Map<String, SpreadPortal> portals = new HashMap<>(2);
    /** The one whose BindComplete was not said yet, as nobody has looked at its values. */
    private @Nullable SpreadPortal unseen;

    SpreadPortals(Exchange exchange, Planner planner) {
        this.exchange = exchange;
        this.planner = planner;
    }

    /** Whether a route concerns several shards, or their rows on one. */
    static boolean isSpread(Route route) {
        return route instanceof Route.Several
                || route instanceof Route.Split
                || route instanceof Route.Relayed
                || route instanceof Route.Everywhere
                || route instanceof Route.Explained
                || route instanceof Route.ShippedCursor
                || isCopy(route);
    }

    private static boolean isCopy(Route route) {
        return route instanceof Route.CopyIn || route instanceof Route.CopyOut;
    }

    @Nullable
    SpreadPortal find(String name) {
        return portals.isEmpty() ? null : portals.get(name);
    }

    /**
     * Bind, whose whole body is there.
     *
     * @return what ends the portal
     */
    Runnable add(BindView bind, PreparedStatement statement, ByteBuf message, Route route) {
        String name = bind.portal();
        close(name);
        SpreadPortal added = new SpreadPortal(statement, Bind.decode(message.duplicate()), route, planner.routed());
        unseen = added;
        portals.put(name, added);
        return () -> {
            if (portals.get(name) == added) {
                close(name);
            }
        };
    }

    /**
     * The Bind of a portal is to be answered before something else than its Execute.
     *
     * @param executed the portal whose Execute has come; null when it is another message
     * @return false when that is not possible yet, or the client was refused
     */
    boolean answerBind(@Nullable SpreadPortal executed) {
        SpreadPortal asked = unseen;
        if (asked == null || asked == executed) {
            return true;
        }
        if (!reachDescriber(asked)) {
            return false;
        }
        bindDescribed(asked);
        closeDescribed();
        return true;
    }

    /** A Bind that was skipped is not answered. */
    void forgetBind() {
        unseen = null;
    }

    private boolean reachDescriber(SpreadPortal portal) {
        boolean home = !(portal.route() instanceof Route.Split);
        Outcome outcome = exchange.reach(home ? planner.home() : new Route.Any(), false);
        if (outcome == Outcome.REFUSED) {
            unseen = null;
        }
        return outcome == Outcome.READY;
    }

    private void bindDescribed(SpreadPortal portal) {
        Bind bind = portal.bind();
        String name = StatementCarrier.serverName(exchange, portal.statement());
        exchange.send(
                new Bind(DESCRIBED, name, bind.parameterFormats(), bind.parameters(), bind.resultFormats()),
                portal == unseen ? Expected.BIND : Expected.BIND_OF_OURS);
        unseen = null;
    }

    private void closeDescribed() {
        exchange.send(new Close(Target.PORTAL, DESCRIBED), Expected.CLOSE_OF_OURS);
    }

    /** Another portal takes the name. */
    void remove(BindView bind) {
        if (!portals.isEmpty()) {
            close(bind.portal());
        }
    }

    /** Ends one; tells whether there was one of the name. */
    boolean close(String name) {
        SpreadPortal closed = portals.isEmpty() ? null : portals.remove(name);
        if (closed != null) {
            closed.close();
        }
        return closed != null;
    }

    void clear() {
        if (!portals.isEmpty()) {
            portals.values().forEach(SpreadPortal::close);
            portals.clear();
        }
    }

    /**
     * Describe.
     *
     * @return false when it was not consumed, or was refused
     */
    boolean describe(SpreadPortal portal) {
        if (!reachDescriber(portal)) {
            return false;
        }
        bindDescribed(portal);
        exchange.send(new Describe(Target.PORTAL, DESCRIBED), Expected.DESCRIBE_PORTAL);
        closeDescribed();
        return true;
    }

    /** Whether it is a query for rows, which has no more of them when it is run again. */
    private static boolean isRead(SpreadPortal portal) {
        return portal.route() instanceof Route.Several
                && !portal.statement().plan().plan().writes();
    }

    /** If it fails, so does what the client has sent before: that must be a transaction which can be rolled back. */
    private boolean resume(SpreadPortal portal, long rowsMax) {
        if (exchange.isAborted()) {
            exchange.refuse(Transaction.aborted());
        } else if (!exchange.takesInExecuted()) {
            exchange.refuse(StatementErrors.notBehindOthers());
        } else {
            exchange.spread().end().goOn();
            if (!exchange.spread().settle()) {
                return false;
            }
            exchange.spread().resume(portal, rowsMax);
        }
        return true;
    }

    /**
     * Sees to it that the route of a portal is that of the topology of now: rows may have been moved since its Bind.
     *
     * @return false when the message is to come again
     */
    private boolean isRouted(SpreadPortal portal) {
        Topology now = planner.topology();
        if (portal.topology() == now) {
            return true;
        }
        PreparedStatement statement = portal.statement();
        boolean same = portal.topology().catalog().equals(now.catalog());
        if (!same || statement.plan().plan().usesCursors()) {
            portal.reroute(new Route.Refuse(NameCheck.tablesHaveChanged()), now);
            return true;
        }
        statement.toCurrentPlan(planner);
        ByteBuf body = SqlStatements.body(portal.bind());
        BindView view = new BindView();
        view.wrap(body);
        Route route = exchange.work()
                .moveWait()
                .admit(planner, Objects.requireNonNull(planner.route(statement.plan(), view, body)));
        if (route != null) {
            portal.reroute(route, planner.routed());
        }
        return route != null;
    }

    /**
     * Execute.
     *
     * @param limit 0 for all rows; COPY has no rows that could be limited
     * @return false when it was not consumed, or was refused
     */
    boolean execute(SpreadPortal portal, long limit) {
        long rowsMax = isCopy(portal.route()) ? 0 : limit;
        if (portal.isSuspended()) {
            return resume(portal, rowsMax);
        }
        switch (exchange.spread().prepare()) {
            case LATER -> {
                return false;
            }
            case REFUSED -> {
                unseen = null;
                return true;
            }
            case READY -> {}
        }
        if (!portal.isBegun() && !isRouted(portal)) {
            return false;
        }
        boolean owesBindComplete = portal == unseen;
        unseen = null;
        if (portal.isBegun()) {
            if (isRead(portal)) {
                exchange.say(new CommandComplete("SELECT 0"));
                return true;
            }
            exchange.refuse(
                    ErrorResponse.error("55000", "portal \"" + portal.bind().portal() + "\" cannot be run"));
            return true;
        }
        SpreadChoice.Choice choice = new SpreadChoice(exchange, planner)
                .choose(
                        portal.route(),
                        portal.statement().plan().plan().writes(),
                        portal.statement().key().text(),
                        SpreadTasks.input(portal),
                        false);
        ErrorResponse refusal = choice.refusal();
        if (refusal != null) {
            exchange.refuse(refusal);
        } else {
            if (portal.statement().plan().plan().defines()) {
                exchange.transaction()
                        .onDefinition(portal.statement().plan().plan().isEverywhere());
            }
            exchange.transaction().onQueryAside();
            exchange.spread().run(portal, choice.requireStep(), choice.manner(), rowsMax, owesBindComplete);
        }
        return true;
    }
}
