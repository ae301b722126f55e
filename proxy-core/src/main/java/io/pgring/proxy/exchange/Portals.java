package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import org.jspecify.annotations.Nullable;

/**
 * The client's portals: the proxy runs the statements of some, others are on servers. A name is that of one portal or cursor at most
 * ({@link Cursors}); the unnamed portal gives way to the next one.
 */
final class Portals {
    private final Exchange exchange;
    private final VirtualPortals virtual;
    private final SpreadPortals spread;
    private final PortalShards shards = new PortalShards();
    private final BinaryPortals binary;
    private boolean synced;

    Portals(Exchange exchange, Planner planner) {
        this.exchange = exchange;
        this.virtual = new VirtualPortals(exchange, planner);
        this.spread = new SpreadPortals(exchange, planner);
        this.binary = new BinaryPortals(exchange, planner);
    }

    /** Those of statements about the session or the transaction. */
    VirtualPortals virtual() {
        return virtual;
    }

    /** Those whose rows are on several shards. */
    SpreadPortals spread() {
        return spread;
    }

    /** Those on servers that give binary values. */
    BinaryPortals binary() {
        return binary;
    }

    /** Whether another portal, or a cursor, has the name that a Bind gives. */
    boolean isTaken(BindView bind) {
        return !bind.portalIsUnnamed() && exchange.transaction().cursors().has(bind.portal());
    }

    /** Why the server at hand is not to be sent a Bind: it can't know that the name is taken. Null when it is to judge. */
    @Nullable
    ErrorResponse takenElsewhere(BindView bind, PreparedStatement statement) {
        if (!isTaken(bind) || exchange.isAborted()) {
            return null;
        }
        Cursors.Cursor known = exchange.marks().cursor(bind.portal());
        if (known != null
                && known.shard().index() == exchange.requireServer().shard().index()) {
            return null;
        }
        int parameters = SqlStatements.parameterCount(statement);
        return bind.parameterCount() == parameters
                ? StatementErrors.portalExists(bind.portal())
                : StatementErrors.wrongParameters(statement, bind, parameters);
    }

    /** A Bind is sent to the server at hand; gives what is expected for it. */
    Expected onBindSent(BindView bind, boolean inTransaction) {
        virtual.remove(bind);
        spread.remove(bind);
        Shard shard = exchange.requireServer().shard();
        if (inTransaction) {
            shards.put(bind, shard);
        } else {
            shards.putAlone(bind, shard);
        }
        if (bind.portalIsUnnamed()) {
            return Expected.BIND;
        }
        Runnable undo = exchange.transaction().cursors().addPortal(bind.portal(), shard);
        return new Expected.PortalStep(Expected.Kind.BIND, undo);
    }

    /**
     * The proxy runs the statement of a portal.
     *
     * @param ended ends it, when a part of the transaction is rolled back
     * @return what takes back that there is one
     */
    Runnable onOwn(BindView bind, Runnable ended) {
        String name = bind.portalIsUnnamed() ? "" : bind.portal();
        shards.remove(name);
        return exchange.transaction().cursors().addOwnPortal(name, ended);
    }

    /** Where a portal is that a server has. */
    Route route(String name) {
        Cursors.Cursor cursor = name.isEmpty() ? null : exchange.marks().cursor(name);
        return cursor == null ? shards.route(name) : new Route.Single(cursor.shard());
    }

    boolean isNowhere(String name) {
        return route(name) instanceof Route.Any && shards.isNowhere(name, exchange);
    }

    /** Close is answered, or sent; gives what takes that back. */
    Runnable onClose(String name) {
        shards.remove(name);
        return exchange.transaction().cursors().removePortal(name);
    }

    /** COMMIT or ROLLBACK has come. */
    void onTransactionEnd() {
        spread.clear();
        shards.clear();
        exchange.transaction().cursors().removePortals();
    }

    /** A simple query takes the place of the unnamed portal. */
    void onQuery() {
        forgetEnded();
        virtual.close("");
        spread.close("");
        shards.remove("");
        synced = true;
    }

    void onSync() {
        binary.onSync();
        spread.forgetBind();
        if (!exchange.transaction().isOpen()) {
            spread.clear();
        }
        synced = true;
    }

    /** Portals end with their transaction, and whether that has ended is known after the answer to a Sync or a Query. */
    void forgetEnded() {
        if (synced && !exchange.transaction().isOpen()) {
            virtual.clear();
            spread.clear();
            shards.clear();
            binary.clear();
            exchange.transaction().cursors().clear();
        }
        synced = false;
    }
}
