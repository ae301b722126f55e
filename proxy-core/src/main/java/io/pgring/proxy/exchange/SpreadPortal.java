package io.pgring.proxy.exchange;

import io.pgring.pgwire.frontend.Bind;
import io.pgring.proxy.fanout.FanOut;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Topology;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A portal whose rows are on several shards: the values of its Bind, kept until Execute comes. */
final class SpreadPortal {
    private final PreparedStatement statement;
    private final Bind bind;
    private Route route;
    private Topology topology;
    private SpreadStatements.@Nullable Run run;

    /**
     * @param statement the client's
     * @param bind its values and formats
     * @param route where it goes
     * @param topology by which the route was made
     */
    SpreadPortal(PreparedStatement statement, Bind bind, Route route, Topology topology) {
        this.statement = statement;
        this.bind = bind;
        this.route = route;
        this.topology = topology;
    }

    PreparedStatement statement() {
        return statement;
    }

    Bind bind() {
        return bind;
    }

    Route route() {
        return route;
    }

    /** The topology by which the route was made. */
    Topology topology() {
        return topology;
    }

    /** Its route is another one by now. */
    void reroute(Route other, Topology by) {
        route = other;
        topology = by;
    }

    /** Execute has come for the first time. */
    void begun(SpreadStatements.Run first) {
        run = first;
    }

    boolean isBegun() {
        return run != null;
    }

    SpreadStatements.Run run() {
        return Objects.requireNonNull(run);
    }

    /** Whether Execute has stopped at its row limit, so that another one gives more. */
    boolean isSuspended() {
        return run != null && fanOut().isSuspended();
    }

    FanOut fanOut() {
        return run().fanOut();
    }

    /** The portal is no more. */
    void close() {
        if (isSuspended()) {
            run().abandon();
        }
    }
}
