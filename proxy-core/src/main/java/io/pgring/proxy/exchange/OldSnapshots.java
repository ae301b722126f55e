package io.pgring.proxy.exchange;

import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Placement;

/**
 * Whether a transaction reads by snapshots that know less than it must see. With REPEATABLE READ and SERIALIZABLE each shard shows it the rows
 * as they were when it came there: some twice, or not at all, if others were hidden then; and rows that were given to the shard since as they
 * were when they were last copied, or not at all.
 */
final class OldSnapshots {
    private OldSnapshots() {}

    /** For what looks at several shards, or at their rows from one: whether other rows were hidden when it began. */
    static boolean ofSeveral(Exchange exchange, Placement placement) {
        return hasSnapshots(exchange)
                && exchange.work().begun() < observe(exchange, placement).hiddenChanged();
    }

    /** For what was just routed, to whichever shards. */
    static boolean ofRouted(Exchange exchange, Planner planner, Route route) {
        if (route instanceof Route.Gathered) {
            return ofSeveral(exchange, planner.routed().placement());
        }
        return planner.concernsFlipped()
                && !(route instanceof Route.Refuse)
                && hasSnapshots(exchange)
                && isBehind(exchange, planner.routed().placement());
    }

    /** Whether it was at a shard before rows were given to that. */
    private static boolean isBehind(Exchange exchange, Placement placement) {
        return observe(exchange, placement).flipped().stream()
                .anyMatch(seen -> exchange.work().wasThere(seen.move().target(), seen.changed()));
    }

    private static boolean hasSnapshots(Exchange exchange) {
        boolean plain = exchange.transaction().isPlain() && exchange.variables().isPlain();
        boolean begun = exchange.transaction().isJoined() || exchange.reach().hasWorkAlone();
        return begun && !plain && !exchange.isAborted();
    }

    private static SeenMoves observe(Exchange exchange, Placement placement) {
        SeenMoves moves = exchange.work().exchanges().moves();
        moves.observe(placement);
        return moves;
    }
}
