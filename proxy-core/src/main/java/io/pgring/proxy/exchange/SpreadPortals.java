package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The portals of the extended protocol whose rows are on several shards. Their Bind is answered by the proxy, any server describes
 * them, and Execute makes the shards work.
 */
final class SpreadPortals {
    /** Of the portal by which a server describes one. */
    private static final String DESCRIBED = "pgring";

    private final Exchange exchange;
    private final Planner planner;
    private final Map<String, SpreadPortal> portals = new HashMap<>(2);

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

    /** Bind, whose whole body is there. */
    void add(BindView bind, PreparedStatement statement, ByteBuf message, Route route) {
        String name = bind.portal();
        close(name);
        long version = planner.topology().version();
        portals.put(name, new SpreadPortal(statement, Bind.decode(message.duplicate()), route, version));
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
        boolean home = !(portal.route() instanceof Route.Split);
        if (exchange.reach(home ? planner.home() : new Route.Any(), false) != Outcome.READY) {
            return false;
        }
        Bind bind = portal.bind();
        String name = StatementCarrier.serverName(exchange, portal.statement());
        exchange.send(
                new Bind(DESCRIBED, name, bind.parameterFormats(), bind.parameters(), bind.resultFormats()),
                Expected.BIND_OF_OURS);
        exchange.send(new Describe(Target.PORTAL, DESCRIBED), Expected.DESCRIBE_PORTAL);
        exchange.send(new Close(Target.PORTAL, DESCRIBED), Expected.CLOSE_OF_OURS);
        return true;
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
            exchange.spread().resume(portal, rowsMax);
            return true;
        }
        switch (exchange.spread().prepare()) {
            case LATER -> {
                return false;
            }
            case REFUSED -> {
                return true;
            }
            case READY -> {}
        }
        if (portal.isBegun()) {
            exchange.refuse(ErrorResponse.error("55000", "portal cannot be run"));
            return true;
        }
        if (portal.topologyVersion() != planner.topology().version()) {
            exchange.refuse(NameCheck.tablesHaveChanged());
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
            exchange.spread().run(portal, choice.requireStep(), choice.manner(), rowsMax);
        }
        return true;
    }
}
