package io.pgring.proxy.topology;

import java.util.function.Supplier;

/** The topology of the moment. Read by any thread, changed by one control thread. */
public final class TopologyView implements Supplier<Topology> {
    private volatile Topology current;

    /** Begins with a first topology. */
    public TopologyView(Topology first) {
        current = first;
    }

    @Override
    public Topology get() {
        return current;
    }

    /** The tables have changed, or what can be gathered. */
    public void publish(Catalog catalog, Gathering gathering) {
        Topology before = current;
        current = new Topology(before.version() + 1, before.shards(), before.ring(), catalog, gathering);
    }
}
