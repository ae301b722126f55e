package io.pgring.proxy.routing;

import io.pgring.pgsql.spread.Splice;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Adds up where the statements of one text want to go. Reusable, not thread-safe. */
final class RouteBuilder {
    private static final int NOWHERE = -1;
    private static final int SEVERAL = -2;
    private static final Route ANY = new Route.Any();

    private Topology topology;
    private Route[] singles;
    private int shard = NOWHERE;
    private final BitSet several = new BitSet();
    private final List<Splice> splices = new ArrayList<>(0);
    private int[] shardOfToken = new int[16];
    private int tokens;
    private boolean pauses;
    private boolean paused;
    private boolean flips;
    private boolean flipped;

    RouteBuilder(Topology topology) {
        this.topology = topology;
        this.singles = singles(topology);
        this.pauses = topology.placement().isPaused();
        this.flips = topology.placement().isFlipped();
    }

    private static Route[] singles(Topology topology) {
        return topology.shards().stream().map(Route.Single::new).toArray(Route[]::new);
    }

    /** Forgets everything. */
    RouteBuilder start(Topology now) {
        if (now != topology) {
            topology = now;
            singles = singles(now);
            pauses = now.placement().isPaused();
            flips = now.placement().isFlipped();
        }
        if (shard == SEVERAL) {
            several.clear();
        }
        if (!splices.isEmpty()) {
            splices.clear();
        }
        shard = NOWHERE;
        tokens = 0;
        paused = false;
        flipped = false;
        return this;
    }

    /** A row with this token is touched. */
    void addToken(int token) {
        if (tokens == shardOfToken.length) {
            shardOfToken = Arrays.copyOf(shardOfToken, tokens * 2);
        }
        int index = topology.shardOf(token);
        shardOfToken[tokens++] = index;
        add(index, token);
    }

    /** Rows with this token are looked for, among those of others. */
    void addSought(int token) {
        add(topology.shardOf(token), token);
    }

    private void add(int index, int token) {
        if (pauses) {
            paused |= topology.placement().isPaused(token);
        }
        if (flips) {
            flipped |= topology.placement().isFlipped(token);
        }
        add(index);
    }

    Topology topology() {
        return topology;
    }

    /** Rows are touched of which no token is known. */
    void addUnknown() {
        paused = pauses;
    }

    /** Whether statements on something that was added wait, or might. */
    boolean isPaused() {
        return paused;
    }

    /** Whether something that was added has just been given to another shard. */
    boolean isFlipped() {
        return flipped;
    }

    /** For each shard the indexes of the tokens that were added and that it owns, in the order in which they were added. */
    int[][] tokensOfShards() {
        int[] counts = new int[topology.shards().size()];
        for (int i = 0; i < tokens; i++) {
            counts[shardOfToken[i]]++;
        }
        int[][] indexes = new int[counts.length][];
        for (int i = 0; i < counts.length; i++) {
            indexes[i] = new int[counts[i]];
        }
        for (int i = tokens - 1; i >= 0; i--) {
            indexes[shardOfToken[i]][--counts[shardOfToken[i]]] = i;
        }
        return indexes;
    }

    /** Something on the home shard is touched. */
    void addHome() {
        add(topology.home().index());
    }

    /** All rows are read, on the home shard. */
    void addGathered(List<Splice> more) {
        addHome();
        addUnknown();
        splices.addAll(more);
    }

    /** The home shard, whatever was added. */
    Route home() {
        return singles[topology.home().index()];
    }

    private void add(int index) {
        if (shard == NOWHERE || shard == index) {
            shard = index;
            return;
        }
        if (shard != SEVERAL) {
            several.set(shard);
            shard = SEVERAL;
        }
        several.set(index);
    }

    /** Whether what was added is on more than one shard. */
    boolean isSeveral() {
        return shard == SEVERAL;
    }

    /** The shards on which something was added, of which there are several. */
    List<Shard> shards() {
        return several.stream().mapToObj(topology.shards()::get).toList();
    }

    Route route() {
        if (shard == SEVERAL) {
            return new Route.Refuse(Refusals.severalShards());
        }
        if (!splices.isEmpty()) {
            return new Route.Gathered(topology.home(), List.copyOf(splices), null);
        }
        return shard == NOWHERE ? ANY : singles[shard];
    }
}
