package io.pgring.proxy.reshard;

import io.pgring.proxy.reshard.ShardAdministration.Aborted;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells open moves to abort: all of them, since each is part of one change of the ring. */
final class Abortion {
    private static final String REASON = "it was aborted by hand";
    /** A pause is over sooner, by the flip or without. */
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

    private static final long LOOK_MILLIS = 20;

    private final MoveJournal journal;

    Abortion(MoveJournal journal) {
        this.journal = journal;
    }

    /**
     * Tells them.
     *
     * @param id must be open; null for whatever is
     */
    Aborted run(@Nullable Long id) throws SQLException, RingChangeException, InterruptedException {
        List<JournalEntry> open = new ArrayList<>(journal.open());
        if (open.isEmpty()) {
            throw new RingChangeException("55000", "no rows are being moved", null, null);
        }
        if (id != null && open.stream().noneMatch(entry -> entry.id() == id)) {
            throw new RingChangeException(
                    "42704", "there is no open move " + id, null, "pgring reshard status shows those there are.");
        }
        // Those first that have not begun, so that none does meanwhile.
        open.sort(Comparator.comparing(JournalEntry::id).reversed());
        List<JournalEntry> told = new ArrayList<>();
        List<JournalEntry> finishing = new ArrayList<>();
        for (JournalEntry entry : open) {
            JournalEntry after = abort(entry.id());
            if (after.state() == MoveState.ABORTING || after.state() == MoveState.ABORTED) {
                told.add(after);
            } else if (after.state().isOpen()) {
                finishing.add(after);
            }
        }
        return new Aborted(told, finishing);
    }

    private JournalEntry abort(long id) throws SQLException, InterruptedException {
        long end = System.nanoTime() + PAUSE_MAX.toNanos();
        while (!journal.abort(id, REASON)) {
            JournalEntry entry = journal.read(id);
            boolean later = entry.state().isPaused() || entry.state().isAbortable();
            if (!later || System.nanoTime() > end) {
                return entry;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return journal.read(id);
    }
}
