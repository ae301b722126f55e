package io.pgring.it.moves;

import io.pgring.hashring.Arc;
import io.pgring.hashring.Arcs;
import io.pgring.hashring.Ring;
import io.pgring.it.support.Cluster;
import io.pgring.proxy.app.PlacementHook;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.MovePhase;
import io.pgring.proxy.topology.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A move of all rows of one shard to another that a test makes by hand, step by step: {@link #hide}, {@link #pause}, {@link #flip},
 * {@link #done}.
 */
final class HandMove {
    static final int SOURCE = 1;
    static final int TARGET = 2;

    private static final String TOKEN = "(pg_catalog.hashtext(t.key)::bigint & 4294967295)";
    private static final String ORDER_TOKEN = "(pg_catalog.hashint8(t.id)::bigint & 4294967295)";

    private final Cluster cluster;
    private final Placement first;
    private final Arcs arcs;
    private long version;

    /** Makes views on the two shards that can hide rows. */
    HandMove(Cluster cluster) throws Exception {
        this.cluster = cluster;
        this.first = PlacementHook.placement(cluster.proxy());
        this.version = first.version();
        this.arcs = Arcs.of(cluster.arcsOf(SOURCE));
        for (int shard : List.of(SOURCE, TARGET)) {
            cluster.servers()
                    .execute(
                            shard,
                            "CREATE SCHEMA IF NOT EXISTS by_hand; CREATE TABLE IF NOT EXISTS by_hand.hidden (arcs int8multirange);"
                                    + " DELETE FROM by_hand.hidden; INSERT INTO by_hand.hidden VALUES ('{}');"
                                    + view("kv", TOKEN) + view("orders", ORDER_TOKEN));
        }
    }

    private static String view(String table, String token) {
        return "CREATE OR REPLACE VIEW pgring_visible." + table + " AS SELECT * FROM public." + table + " t WHERE NOT ("
                + token + " <@ (SELECT arcs * '{(,)}'::int8multirange FROM by_hand.hidden));";
    }

    /** The arcs that are moved. */
    Arcs arcs() {
        return arcs;
    }

    private void hideOn(int shard, Arcs hidden) throws Exception {
        cluster.servers().execute(shard, "UPDATE by_hand.hidden SET arcs = '" + hidden + "'");
    }

    /** Nothing happens to rows yet. */
    CompletableFuture<Boolean> begin() {
        return publish(MovePhase.STARTED, first.ring());
    }

    /** Hides what is about to come to the target. */
    CompletableFuture<Boolean> hide() throws Exception {
        hideOn(TARGET, arcs);
        return publish(MovePhase.HIDDEN, first.ring());
    }

    /** Copies rows to the target, where they say so in a column. */
    void copy() throws Exception {
        String orders = cluster.servers()
                .value(
                        SOURCE,
                        "SELECT coalesce(string_agg(format('(%s, %L, %s)', id, kind, n), ', '), '') FROM orders");
        String pairs = cluster.servers()
                .value(SOURCE, "SELECT coalesce(string_agg(format('(%L, %L)', key, value), ', '), '') FROM kv");
        if (!orders.isEmpty()) {
            cluster.servers().execute(TARGET, "INSERT INTO orders VALUES " + orders);
        }
        if (!pairs.isEmpty()) {
            cluster.servers().execute(TARGET, "INSERT INTO kv VALUES " + pairs);
        }
    }

    /** Statements on the arcs wait from now on. */
    CompletableFuture<Boolean> pause() {
        return publish(MovePhase.PAUSED, first.ring());
    }

    /** They go on where the rows were. */
    CompletableFuture<Boolean> unpause() {
        return publish(MovePhase.HIDDEN, first.ring());
    }

    /** The target owns the arcs. */
    CompletableFuture<Boolean> flip() throws Exception {
        hideOn(SOURCE, arcs);
        hideOn(TARGET, Arcs.NONE);
        return publish(MovePhase.FLIPPED, flipped());
    }

    /** Deletes the rows on the source, and is over. */
    CompletableFuture<Boolean> done() throws Exception {
        cluster.servers().execute(SOURCE, "TRUNCATE kv, orders");
        hideOn(SOURCE, Arcs.NONE);
        version++;
        return PlacementHook.publish(cluster.proxy(), new Placement(version, first.shards(), flipped(), List.of()));
    }

    /** As it was before, but for the rows. */
    void forget() throws Exception {
        hideOn(SOURCE, Arcs.NONE);
        hideOn(TARGET, Arcs.NONE);
        version++;
        PlacementHook.publish(cluster.proxy(), new Placement(version, first.shards(), first.ring(), List.of()));
    }

    private CompletableFuture<Boolean> publish(MovePhase phase, Ring ring) {
        version++;
        Move move = new Move(7, SOURCE, TARGET, arcs, phase);
        return PlacementHook.publish(cluster.proxy(), new Placement(version, first.shards(), ring, List.of(move)));
    }

    private Ring flipped() {
        Ring ring = first.ring();
        int source = member(SOURCE);
        int target = member(TARGET);
        List<Arc> all = new ArrayList<>();
        for (Arc arc : ring.arcs()) {
            all.add(new Arc(arc.from(), arc.to(), arc.member() == source ? target : arc.member()));
        }
        return Ring.ofArcs(ring.members(), ring.pointsPerWeight(), all);
    }

    private int member(int shard) {
        String name = first.shards().get(shard).name();
        for (int member = 0; member < first.ring().members().size(); member++) {
            if (first.ring().members().get(member).name().equals(name)) {
                return member;
            }
        }
        throw new IllegalStateException("not on the ring: " + name);
    }

    /** Waits until so many clients wait. */
    int waiting() {
        return PlacementHook.waiting(cluster.proxy());
    }
}
