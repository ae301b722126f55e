package io.pgring.proxy.exchange;

import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.MovePhase;
import io.pgring.proxy.topology.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When an event loop has come to know how far each move is, in a time of its own that counts these events. Work that was begun at an earlier
 * time was planned without that knowledge. Not thread-safe: belongs to the loop.
 */
final class SeenMoves {
    /** Of what has not happened. */
    static final long NEVER = Long.MAX_VALUE;

    /**
     * A move.
     *
     * @param changed since when its phase is known, or that it is over; later if the loop may have missed something in between
     * @param paused since when it is known that it pauses statements, without a pause of that; null when it doesn't
     */
    record Seen(Move move, long changed, @Nullable Long paused) {}

    private final Map<Long, Seen> seen = new LinkedHashMap<>();
    private final List<Seen> over = new ArrayList<>();
    private @Nullable Placement placement;
    private long now;
    private long hiddenChanged;
    private long membersChanged;

    /** The time now. */
    long now() {
        return now;
    }

    /** When it has last become known that some shard hides other rows than before. */
    long hiddenChanged() {
        return hiddenChanged;
    }

    /** When it has last become known that there are other shards than before. */
    long membersChanged() {
        return membersChanged;
    }

    /** Takes note of what is the case now. */
    void observe(Placement current) {
        Placement before = placement;
        if (before == current) {
            return;
        }
        placement = current;
        now++;
        if (before != null && !before.members().equals(current.members())) {
            membersChanged = now;
        }
        boolean missed = before != null && current.version() - before.version() > 1;
        Map<Long, Seen> known = new LinkedHashMap<>(seen);
        seen.clear();
        for (Move move : current.moves()) {
            Seen last = known.remove(move.id());
            boolean same = last != null && last.move().phase() == move.phase();
            Long paused = last == null ? null : last.paused();
            seen.put(
                    move.id(),
                    new Seen(
                            move,
                            last != null && same && !missed ? last.changed() : now,
                            move.isPaused() ? (Long) (paused == null ? now : paused) : null));
            if (!same && hides(last == null ? null : last.move(), move)) {
                hiddenChanged = now;
            }
        }
        for (Seen gone : known.values()) {
            over.add(new Seen(gone.move(), now, null));
            if (gone.move().phase() != MovePhase.STARTED) {
                hiddenChanged = now;
            }
        }
    }

    /** Whether other rows are hidden than before. */
    private static boolean hides(@Nullable Move before, Move move) {
        boolean wasFlipped = before != null && before.isFlipped();
        boolean hid = before != null && before.hidesRows();
        return move.isFlipped() != wasFlipped || hid != move.hidesRows();
    }

    /** All moves that work of an earlier time may have to be waited for. */
    Collection<Seen> all() {
        List<Seen> all = new ArrayList<>(over);
        all.addAll(seen.values());
        return all;
    }

    /** Those that pause statements. */
    List<Seen> pausing() {
        return seen.values().stream().filter(move -> move.paused() != null).toList();
    }

    /** Those whose target owns the arcs. */
    List<Seen> flipped() {
        return seen.values().stream().filter(move -> move.move().isFlipped()).toList();
    }

    /** Nothing is left of the time when moves that are over were under way. */
    void forgetOver() {
        over.clear();
    }
}
