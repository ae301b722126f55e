package io.pgring.proxy.topology;

import java.util.List;
import java.util.function.Supplier;

/** The topology of the moment. Read by any thread, changed by control threads. */
public final class TopologyView implements Supplier<Topology> {
    private volatile Topology current;
    private volatile boolean doubted;
    private volatile long acknowledged;

    /** Begins with a first topology. */
    public TopologyView(Topology first) {
        current = first;
        acknowledged = first.placement().version();
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

    /** Nothing is under way any more that was planned by an older placement, which others are about to be told. */
    public synchronized void onSettled(long version) {
        acknowledged = Math.max(acknowledged, version);
    }

    /**
     * Whether work may use a connection. Shards raise the lowest version that they accept when all proxies have acknowledged it, but for
     * those that gave no sign. One of these has older plans still, when it goes on.
     *
     * @param version of the placement by which the work was planned
     * @param lowest that the shard accepted when the connection was attached
     */
    public boolean mayUse(long version, long lowest) {
        return lowest <= acknowledged || lowest <= version;
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
