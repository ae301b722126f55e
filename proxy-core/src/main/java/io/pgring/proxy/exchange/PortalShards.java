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
        shards.put(bind.portal(), shard);
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

    /** Whether no server can have the portal. */
    boolean isNowhere(String portal, Exchange exchange) {
        return exchange.server() == null && find(portal) == null;
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
