package io.pgring.proxy.exchange;

import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On which shard each SQL cursor, and each named portal, of the open transaction is: they share one set of names. Savepoints stand
 * between the cursors in the order in which the client has asked for them: a partial rollback ends the cursors behind its savepoint,
 * while one that was closed stays closed. What is asked for is noted at once, with what takes it back if the server does not come to
 * it. It only shows the way: the server knows whether there is such a cursor. The portals of the proxy's own are those that there are.
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

    /** A savepoint. */
    private record Savepoint(String name) implements Entry {}

    /**
     * A portal of the extended protocol: one with a name, or one whose statement the proxy runs.
     *
     * @param shard where it is; null when the proxy runs its statement
     * @param ended ends what the proxy has of it
     */
    private record Portal(String name, @Nullable Shard shard, Runnable ended) implements Entry {
        boolean isOwn() {
            return shard == null;
        }
    }

    private final List<Entry> entries = new ArrayList<>(0);
    private boolean gathered;

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
                        && portal.isOwn()
                        && portal.name().equals(name));
    }

    /**
     * A Bind of a portal with a name is sent.
     *
     * @return what takes it away if it was not done
     */
    Runnable addPortal(String name, Shard shard) {
        return add(new Portal(name, shard, Cursors::nothing));
    }

    /**
     * A Bind is answered whose statement the proxy runs. It takes the place of the one before.
     *
     * @param ended ends it, when a partial rollback or CLOSE ALL does
     * @return what takes it away if it was not done
     */
    Runnable addOwnPortal(String name, Runnable ended) {
        Runnable before = removePortal(name);
        Runnable undo = add(new Portal(name, null, ended));
        return () -> {
            undo.run();
            before.run();
        };
    }

    private Runnable add(Portal portal) {
        entries.add(portal);
        return () -> {
            entries.removeIf(entry -> entry == portal);
            portal.ended().run();
        };
    }

    /** All portals end. */
    void removePortals() {
        if (!entries.isEmpty()) {
            entries.removeIf(Portal.class::isInstance);
        }
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
     * @return what puts it back, where it was, if it was not done
     */
    Runnable removePortal(String name) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!(entry instanceof Savepoint) && entry.name().equals(name)) {
                int index = i;
                entries.remove(index);
                return () -> entries.add(Math.min(index, entries.size()), entry);
            }
        }
        return Cursors::nothing;
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
        List<Entry> all = List.copyOf(entries);
        entries.removeIf(entry -> !(entry instanceof Savepoint));
        end(all);
    }

    private static void end(List<Entry> ended) {
        for (Entry entry : ended) {
            if (entry instanceof Portal portal) {
                portal.ended().run();
            }
        }
    }

    /** Whether a rollback to a savepoint that a portal runs ends others of the proxy's own. */
    boolean endsOwn(String savepoint, String running) {
        int mark = mark(savepoint);
        return mark >= 0
                && entries.subList(mark, entries.size()).stream()
                        .anyMatch(entry -> entry instanceof Portal portal
                                && portal.isOwn()
                                && !portal.name().equals(running));
    }

    /**
     * A statement about the transaction is sent, or has succeeded.
     *
     * @return what takes back what it does to savepoints, if it was not done
     */
    Runnable onEffect(SessionEffect effect) {
        if (effect instanceof SessionEffect.Savepoint savepoint) {
            Savepoint made = new Savepoint(savepoint.name());
            entries.add(made);
            return () -> entries.removeIf(entry -> entry == made);
        }
        if (effect instanceof SessionEffect.RollbackTo to) {
            int mark = mark(to.name());
            return mark < 0 ? Cursors::nothing : cut(mark + 1, true);
        }
        if (effect instanceof SessionEffect.Release release) {
            int mark = mark(release.name());
            return mark < 0 ? Cursors::nothing : cut(mark, false);
        }
        if (effect instanceof SessionEffect.End end && end.chains()) {
            List<Entry> all = List.copyOf(entries);
            clear();
            end(all);
        }
        return Cursors::nothing;
    }

    /**
     * Savepoints end.
     *
     * @param from the place of the first
     * @param all whether the cursors behind it end with them
     */
    private Runnable cut(int from, boolean all) {
        List<Entry> tail = entries.subList(from, entries.size());
        List<Entry> before = List.copyOf(tail);
        if (all) {
            tail.clear();
            end(before);
        } else {
            tail.removeIf(Savepoint.class::isInstance);
        }
        return () -> {
            entries.subList(Math.min(from, entries.size()), entries.size()).clear();
            entries.addAll(before);
        };
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

    private static void nothing() {}

    /** The transaction has ended. */
    void clear() {
        gathered = false;
        if (!entries.isEmpty()) {
            entries.clear();
        }
    }
}
