package io.pgring.proxy.app;

import io.pgring.proxy.topology.Placement;
import java.util.concurrent.CompletableFuture;

/** Lets a test publish placements to a running proxy, as the proxy does itself when the catalog tells of them. */
public final class PlacementHook {
    private PlacementHook() {}

    /** The one in force. */
    public static Placement placement(PgRing proxy) {
        return proxy.topology().placement();
    }

    /** From now on this is in force; complete when nothing is under way any more that was begun before. */
    public static CompletableFuture<Boolean> publish(PgRing proxy, Placement placement) {
        return proxy.publish(placement);
    }

    /** How many clients wait for rows that are moved. */
    public static int waiting(PgRing proxy) {
        return proxy.waiting();
    }
}
