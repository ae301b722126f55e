package io.pgring.proxy.topology;

import java.util.List;
import java.util.function.Supplier;

/** The topology of the moment. Read by any thread, changed by control threads. */
public final class TopologyView implements Supplier<Topology> {
    private volatile Topology current;
    private volatile boolean doubted;

    /** Begins with a first topology. */
    public TopologyView(Topology first) {
        current = first;
    }

    @Override
    public Topology get() {
        return current;
    }

    /** What shards there are and what each of them owns has changed, or what is moved. */
    public synchronized void publish(Placement placement) {
        Topology before = current;
        current = new Topology(before.version() + 1, placement, before.catalog(), before.gathering(), before.oids());
    }

    /** The tables have changed, or what can be gathered. */
    public synchronized void publish(Catalog catalog, Gathering gathering) {
        publish(catalog, gathering, current.oids());
    }

    /** The tables have changed, what can be gathered, or the object identifiers. */
    synchronized void publish(Catalog catalog, Gathering gathering, List<ShardOids> oids) {
        Topology before = current;
        current = new Topology(before.version() + 1, before.placement(), catalog, gathering, oids);
    }

    /** The object identifiers have changed. */
    synchronized void publish(List<ShardOids> oids) {
        publish(current.catalog(), current.gathering(), oids);
    }

    /** A type has been met that is not known: others than this proxy may have made it. On any thread. */
    public void doubt() {
        doubted = true;
    }

    /** Whether {@link #doubt} has been called since this was last asked. */
    boolean takeDoubt() {
        boolean taken = doubted;
        doubted = false;
        return taken;
    }
}
