package io.pgring.proxy.exchange;

import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import java.util.HashMap;
import java.util.Map;

/** On which shard each portal of the open transaction is: the transaction may have gone on elsewhere since. */
final class PortalShards {
    private static final Route ANY = new Route.Any();

    private final Map<String, Shard> shards = new HashMap<>(2);

    void put(BindView bind, Shard shard) {
        shards.put(bind.portal(), shard);
    }

    /** Where the portal is; any route when it is on the connection at hand. */
    Route route(String portal) {
        Shard shard = shards.isEmpty() ? null : shards.get(portal);
        return shard == null ? ANY : new Route.Single(shard);
    }

    /** Whether no server can have the portal. */
    boolean isNowhere(String portal, Exchange exchange) {
        return exchange.server() == null && !shards.containsKey(portal);
    }

    void clear() {
        shards.clear();
    }
}
