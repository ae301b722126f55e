package io.pgring.proxy.exchange;

import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On which shard each SQL cursor of the open transaction is. Savepoints stand between the cursors in the order of their making: a partial
 * rollback ends the cursors behind its savepoint, while one that was closed stays closed. It only shows the way: the server knows
 * whether there is such a cursor.
 */
final class Cursors {
    /** A cursor, or a savepoint. */
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

    private record Savepoint(String name) implements Entry {}

    private final List<Entry> entries = new ArrayList<>(0);
    private boolean gathered;

    @Nullable
    Cursor find(String name) {
        for (Entry entry : entries) {
            if (entry instanceof Cursor cursor && cursor.name().equals(name)) {
                return cursor;
            }
        }
        return null;
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

    /** CLOSE is sent. */
    void remove(String name) {
        entries.removeIf(entry -> entry instanceof Cursor && entry.name().equals(name));
    }

    /** CLOSE ALL is sent. */
    void removeAll() {
        entries.removeIf(Cursor.class::isInstance);
    }

    /** A statement about the transaction has succeeded. */
    void onEffect(SessionEffect effect) {
        if (effect instanceof SessionEffect.Savepoint savepoint) {
            entries.add(new Savepoint(savepoint.name()));
        } else if (effect instanceof SessionEffect.RollbackTo to) {
            int mark = entries.lastIndexOf(new Savepoint(to.name()));
            if (mark >= 0) {
                entries.subList(mark + 1, entries.size()).clear();
            }
        } else if (effect instanceof SessionEffect.Release release) {
            int mark = entries.lastIndexOf(new Savepoint(release.name()));
            if (mark >= 0) {
                entries.subList(mark, entries.size()).removeIf(Savepoint.class::isInstance);
            }
        } else if (effect instanceof SessionEffect.Chain) {
            clear();
        }
    }

    /** The transaction has ended. */
    void clear() {
        gathered = false;
        if (!entries.isEmpty()) {
            entries.clear();
        }
    }
}
