package io.pgring.proxy.exchange;

import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On which shard each SQL cursor, and each named portal, of the open transaction is: they share one set of names. Savepoints stand between the cursors in the order of their making: a partial
 * rollback ends the cursors behind its savepoint, while one that was closed stays closed. It only shows the way: the server knows
 * whether there is such a cursor.
 */
final class Cursors {
    /** A cursor, a portal, or a savepoint. */
    private sealed interface Entry {
        String name();
    }

    /**
     * A cursor.
     *
     * @param origin where its rows come from
     * @param hold whether it outlives the transaction
     */
    record Cursor(String name, Shard shard, Origin origin, boolean hold) implements Entry {}

    /** Where the rows of a cursor come from. */
    enum Origin {
        /** Its shard. */
        SHARD,
        /** The home shard reads them from all shards. */
        GATHERED,
        /** They were handed to the home shard. */
        SHIPPED
    }

    /**
     * A savepoint.
     *
     * @param round in which the server has confirmed it
     */
    private record Savepoint(String name, int round) implements Entry {}

    /**
     * A named portal of the extended protocol.
     *
     * @param shard where it is; null when the proxy runs its statement
     * @param round in which it was made
     */
    private record Portal(String name, @Nullable Shard shard, int round) implements Entry {}

    private final List<Entry> entries = new ArrayList<>(0);
    private boolean gathered;
    /** Counts Syncs: within a round a portal is noted before a savepoint is confirmed that may stand before it. */
    private int round;

    @Nullable
    Cursor find(String name) {
        for (Entry entry : entries) {
            if (entry instanceof Cursor cursor && cursor.name().equals(name)) {
                return cursor;
            }
            if (entry instanceof Portal portal && portal.name().equals(name) && portal.shard() != null) {
                return new Cursor(name, portal.shard(), Origin.SHARD, false);
            }
        }
        return null;
    }

    /** Whether a portal or a cursor has the name, so that a Bind can't give it to another. */
    boolean has(String name) {
        return entries.stream()
                .anyMatch(entry -> !(entry instanceof Savepoint) && entry.name().equals(name));
    }

    /** Whether it is a portal whose statement the proxy runs, so that no server has it. */
    boolean isOwn(String name) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof Portal portal
                        && portal.shard() == null
                        && portal.name().equals(name));
    }

    /**
     * A Bind of a portal with a name is sent, or answered if the proxy itself runs the statement: {@code shard} is null then.
     *
     * @return what takes it away if it was not done
     */
    Runnable addPortal(String name, @Nullable Shard shard) {
        Portal portal = new Portal(name, shard, round);
        entries.add(portal);
        return () -> entries.removeIf(entry -> entry == portal);
    }

    /** All portals end. */
    void removePortals() {
        if (!entries.isEmpty()) {
            entries.removeIf(Portal.class::isInstance);
        }
    }

    void onSync() {
        round++;
    }

    /** Whether the home shard has read from the others inside of the transaction, and so keeps locks there until its end. */
    boolean hasGathered() {
        return gathered;
    }

    /** Those that outlive the transaction if it commits. */
    List<Cursor> held() {
        return entries.stream()
                .filter(Cursor.class::isInstance)
                .map(Cursor.class::cast)
                .filter(Cursor::hold)
                .toList();
    }

    /** DECLARE is sent. */
    void add(Cursor cursor) {
        remove(cursor.name());
        entries.add(cursor);
        gathered |= cursor.origin() == Origin.GATHERED;
    }

    /**
     * Close of a portal is sent, or answered.
     *
     * @return what puts it back if it was not done
     */
    Runnable removePortal(String name) {
        List<Entry> removed = entries.stream()
                .filter(entry -> !(entry instanceof Savepoint) && entry.name().equals(name))
                .toList();
        entries.removeAll(removed);
        return () -> entries.addAll(removed);
    }

    /** CLOSE is sent. */
    void remove(String name) {
        if (!entries.isEmpty()) {
            entries.removeIf(
                    entry -> !(entry instanceof Savepoint) && entry.name().equals(name));
        }
    }

    /** CLOSE ALL is sent. */
    void removeAll() {
        entries.removeIf(entry -> !(entry instanceof Savepoint));
    }

    /** A statement about the transaction has succeeded. */
    void onEffect(SessionEffect effect) {
        if (effect instanceof SessionEffect.Savepoint savepoint) {
            entries.add(new Savepoint(savepoint.name(), round));
        } else if (effect instanceof SessionEffect.RollbackTo to) {
            int mark = mark(to.name());
            if (mark >= 0) {
                int made = ((Savepoint) entries.get(mark)).round();
                entries.subList(mark + 1, entries.size()).clear();
                entries.removeIf(entry -> entry instanceof Portal portal && portal.round() == made);
            }
        } else if (effect instanceof SessionEffect.Release release) {
            int mark = mark(release.name());
            if (mark >= 0) {
                entries.subList(mark, entries.size()).removeIf(Savepoint.class::isInstance);
            }
        } else if (effect instanceof SessionEffect.Chain) {
            clear();
        }
    }

    /** Where the last savepoint of a name stands; negative when there is none. */
    private int mark(String name) {
        int mark = entries.size() - 1;
        while (mark >= 0
                && !(entries.get(mark) instanceof Savepoint savepoint
                        && savepoint.name().equals(name))) {
            mark--;
        }
        return mark;
    }

    /** The transaction has ended. */
    void clear() {
        gathered = false;
        if (!entries.isEmpty()) {
            entries.clear();
        }
    }
}
