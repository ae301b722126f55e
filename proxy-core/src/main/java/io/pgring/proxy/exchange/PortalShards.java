package io.pgring.proxy.exchange;

import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which shard each portal of the open transaction is: the transaction may have gone on elsewhere since. Portals that were made outside
 * of one are all on one shard, and may have become part of a transaction since.
 */
final class PortalShards {
    private static final Route ANY = new Route.Any();

    private final Map<String, Shard> shards = new HashMap<>(2);
    private final List<String> alone = new ArrayList<>(2);
    private @Nullable Shard shardOfAlone;

    void put(BindView bind, Shard shard) {
        shards.put(bind.portalIsUnnamed() ? "" : bind.portal(), shard);
    }

    /** Outside of a transaction. */
    void putAlone(BindView bind, Shard shard) {
        shardOfAlone = shard;
        String portal = bind.portalIsUnnamed() ? "" : bind.portal();
        if (!alone.contains(portal)) {
            alone.add(portal);
        }
    }

    /** Where the portal is; any route when it is on the connection at hand. */
    Route route(String portal) {
        Shard shard = find(portal);
        return shard == null ? ANY : new Route.Single(shard);
    }

    /** Whether no server can have the portal. One with a name may be a cursor, of which a server may know more. */
    boolean isNowhere(String portal, Exchange exchange) {
        return (portal.isEmpty() || exchange.server() == null) && find(portal) == null;
    }

    /** The portal is closed, or another one, which is on no server, takes its name. */
    void remove(String portal) {
        if (!shards.isEmpty()) {
            shards.remove(portal);
        }
        if (!alone.isEmpty()) {
            alone.remove(portal);
        }
    }

    private @Nullable Shard find(String portal) {
        Shard shard = shards.isEmpty() ? null : shards.get(portal);
        return shard == null && alone.contains(portal) ? shardOfAlone : shard;
    }

    void clear() {
        shards.clear();
        alone.clear();
    }
}
