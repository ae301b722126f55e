package io.pgring.proxy.routing;

import io.pgring.proxy.topology.Topology;

/** Adds up where the statements of one text want to go. Reusable, not thread-safe. */
final class RouteBuilder {
    private static final int NOWHERE = -1;
    private static final int SEVERAL = -2;
    private static final Route ANY = new Route.Any();

    private Topology topology;
    private Route[] singles;
    private int shard = NOWHERE;

    RouteBuilder(Topology topology) {
        this.topology = topology;
        this.singles = singles(topology);
    }

    private static Route[] singles(Topology topology) {
        return topology.shards().stream().map(Route.Single::new).toArray(Route[]::new);
    }

    /** Forgets everything. */
    RouteBuilder start(Topology now) {
        if (now != topology) {
            topology = now;
            singles = singles(now);
        }
        shard = NOWHERE;
        return this;
    }

    /** A row with this token is touched. */
    void addToken(int token) {
        add(topology.shardOf(token));
    }

    /** Something on the home shard is touched. */
    void addHome() {
        add(topology.home().index());
    }

    /** The home shard, whatever was added. */
    Route home() {
        return singles[topology.home().index()];
    }

    private void add(int index) {
        if (shard == NOWHERE || shard == index) {
            shard = index;
        } else {
            shard = SEVERAL;
        }
    }

    Route route() {
        return switch (shard) {
            case NOWHERE -> ANY;
            case SEVERAL -> new Route.Refuse(Refusals.severalShards());
            default -> singles[shard];
        };
    }
}
