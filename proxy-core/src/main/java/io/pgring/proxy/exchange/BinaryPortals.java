package io.pgring.proxy.exchange;

import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.StatementKey;
import io.pgring.proxy.routing.Planner;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The portals on other shards than the home shard that give values in binary format. Such values may name types by oid, and what reads the
 * server's replies must know of which types they are: so before an Execute the server describes the portal, unless the client has just
 * asked for that, or the statement is known to have no such columns.
 */
final class BinaryPortals {
    private final Exchange exchange;
    private final Planner planner;
    private final Map<String, StatementKey> portals = new HashMap<>(2);
    /** What the server has described last, if no Execute has come since. */
    private @Nullable String described;

    private boolean anyDescribed;

    BinaryPortals(Exchange exchange, Planner planner) {
        this.exchange = exchange;
        this.planner = planner;
    }

    /** A Bind is sent to the server at hand. */
    void onBind(PreparedStatement statement, BindView bind) {
        boolean concerned = givesBinary(bind) && !isHome();
        if (concerned || !portals.isEmpty() || anyDescribed) {
            String name = bind.portal();
            if (name.equals(described)) {
                described = null;
            }
            if (concerned) {
                portals.put(name, statement.key());
            } else {
                portals.remove(name);
            }
        }
    }

    /** What is not known yet may be so. */
    private static boolean givesBinary(BindView bind) {
        int count = bind.resultFormatCount();
        for (int i = 0; i < count; i++) {
            if (bind.resultFormat(i) != 0) {
                return true;
            }
        }
        return count < 0;
    }

    private boolean isHome() {
        return planner.isHome(exchange.requireServer().shard());
    }

    /** The client has asked the server at hand to describe a portal. */
    void onDescribe(String portal) {
        described = portal;
        anyDescribed = true;
    }

    /** The client has asked to describe a statement: what the server tells last is then not of a portal. */
    void onDescribeStatement() {
        described = null;
        anyDescribed = true;
    }

    /** Sends what must come before an Execute. */
    void beforeExecute(String portal) {
        StatementKey key = portals.isEmpty() ? null : portals.get(portal);
        if ((key != null || anyDescribed) && !portal.equals(described) && !isHome()) {
            ServerConnection server = exchange.requireServer();
            if (anyDescribed || key == null || !server.statements().isPlain(key)) {
                exchange.send(new Describe(Target.PORTAL, portal), new Expected.Columns(key));
            }
        }
        described = null;
        anyDescribed = false;
    }

    /** All that was sent has been answered before anything else is sent. */
    void onSync() {
        described = null;
        anyDescribed = false;
    }

    /** The transaction is over. */
    void clear() {
        if (!portals.isEmpty()) {
            portals.clear();
        }
    }
}
