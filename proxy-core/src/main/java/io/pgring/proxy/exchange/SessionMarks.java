package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.Leftovers;
import io.pgring.proxy.backend.OwnConnections;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What follows for a client's statements from what it has left in its sessions: cursors WITH HOLD are on their shards, and temporary
 * objects may take the names of others. Whether any of it is still there, the servers know; see {@link OwnConnections}.
 */
final class SessionMarks {
    private final Exchange exchange;
    private final OwnConnections own;
    private final Map<String, Cursors.Cursor> held = new HashMap<>(0);
    private String names = "";
    private @Nullable Shard home;
    private @Nullable Catalog namedUnder;
    private boolean discarded;

    SessionMarks(Exchange exchange, OwnConnections own) {
        this.exchange = exchange;
        this.own = own;
    }

    /** Why a statement can't be run for what there is, or is not, in the client's sessions; null when it can. */
    @Nullable
    ErrorResponse refusal(Plan plan, Topology topology) {
        if (plan.asksSequences() && !own.ownsSequences(topology.home())) {
            return ErrorResponse.error("0A000", "currval() and lastval() need a session of the client's own")
                    .detail(
                            "Server connections are shared between clients, and so is what they have got from sequences.")
                    .hint("Use INSERT ... RETURNING, or session mode (pool.users in the configuration).");
        }
        Catalog before = names().isEmpty() ? null : namedUnder;
        boolean changed =
                before != null && !before.equals(topology.catalog()) && !before.hasTablesOf(topology.catalog());
        if (changed && plan.namesSharded()) {
            return ErrorResponse.error("0A000", "a sharded table may have the name of a temporary one")
                    .detail("Which tables are sharded has changed since this session has made its temporary tables.")
                    .hint("Drop them, with DISCARD TEMP for example, and make them again.");
        }
        return null;
    }

    /** A text is sent to the server at hand. */
    void onSent(Plan plan, Topology topology) {
        Leftovers leftovers = exchange.requireServer().leftovers();
        if (!plan.leaves().isEmpty()) {
            leftovers.onMayBeLeft(plan.leaves());
            if (plan.leaves().contains(PinReason.TEMPORARY_OBJECTS)) {
                names = "\ntemporary "
                        + Long.toHexString(ThreadLocalRandom.current().nextLong());
                home = topology.home();
                namedUnder = topology.catalog();
            }
        } else if (plan.takesAway()) {
            leftovers.onMayBeGone();
        }
    }

    /** Tells texts apart that were parsed before and after the client has made temporary objects; empty when it has none. */
    String names() {
        if (!names.isEmpty() && !own.mayHave(Objects.requireNonNull(home), PinReason.TEMPORARY_OBJECTS)) {
            names = "";
            namedUnder = null;
        }
        return names;
    }

    // ---- cursors WITH HOLD ------------------------------------------------------------------------------------------

    /** A transaction with these cursors has committed. */
    void onCommit(Cursors cursors) {
        for (Cursors.Cursor cursor : cursors.held()) {
            held.put(cursor.name(), cursor);
        }
    }

    /** The cursor of a name, of the open transaction or held from a former one; null when none is known. */
    Cursors.@Nullable Cursor cursor(String name) {
        Cursors.Cursor cursor = exchange.transaction().cursors().find(name);
        return cursor != null || held.isEmpty() ? cursor : heldCursors().get(name);
    }

    private Map<String, Cursors.Cursor> heldCursors() {
        held.values().removeIf(cursor -> !own.mayHave(cursor.shard(), PinReason.HELD_CURSORS));
        return held;
    }

    /** The shards with cursors that are held from former transactions. */
    Set<Integer> shardsOfHeld() {
        Set<Integer> shards = new TreeSet<>();
        heldCursors().values().forEach(cursor -> shards.add(cursor.shard().index()));
        return shards;
    }

    /** One of those with cursors that are held. */
    Shard anyShardOfHeld() {
        List<Cursors.Cursor> cursors = new ArrayList<>(heldCursors().values());
        return cursors.get(0).shard();
    }

    /** CLOSE is sent. */
    void onClose(String name) {
        held.remove(name);
    }

    /** CLOSE ALL is sent, to all of them. */
    void onCloseAll() {
        held.clear();
    }

    // ---- DISCARD ALL ------------------------------------------------------------------------------------------------

    /**
     * Discards everything on all servers.
     *
     * @return whether that is done; if not, the message is to come again
     */
    boolean discardAll() {
        if (discarded || !own.isKeeping()) {
            return true;
        }
        if (!exchange.spread().settle()) {
            return false;
        }
        exchange.toInput(Exchange.Input.WAITING);
        boolean waits = own.discard(() -> {
            discarded = true;
            exchange.toInput(Exchange.Input.ACCEPTING);
            exchange.sink().onResume();
        });
        if (!waits) {
            exchange.toInput(Exchange.Input.ACCEPTING);
        }
        held.clear();
        return !waits;
    }

    /** The message is done with. */
    void onDiscarded() {
        discarded = false;
    }
}
