package io.pgring.proxy.reshard;

import io.pgring.proxy.reshard.ShardAdministration.Aborted;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
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
     * Takes targets away that can't be reached, so that the moves to them can be aborted.
     *
     * @param id must be open; null for whatever is
     * @param lost whether a shard can't be reached
     * @return the names of the targets
     */
    List<String> forsake(@Nullable Long id, Placement now, Predicate<Shard> lost)
            throws SQLException, RingChangeException {
        List<String> targets = journal.open().stream()
                .filter(entry -> id == null || entry.id() == id)
                .map(entry -> entry.planned().target())
                .distinct()
                .toList();
        List<String> forsaken = new ArrayList<>();
        for (Shard shard : now.shards()) {
            if (!targets.contains(shard.name()) || !lost.test(shard)) {
                continue;
            }
            if (!journal.forsake(shard.name(), REASON)) {
                throw new RingChangeException(
                        "55000",
                        "shard \"" + shard.name() + "\" can't be reached, and owns rows",
                        "Without it they would be lost.",
                        "Bring its server back, from a standby or a backup: then the abort comes to its end.");
            }
            forsaken.add(shard.name());
        }
        if (forsaken.isEmpty() && !targets.isEmpty()) {
            throw new RingChangeException(
                    "55000",
                    "shard \"" + String.join("\", \"", targets) + "\" can be reached",
                    null,
                    "Abort without force.");
        }
        return forsaken;
    }

    /**
     * Tells them.
     *
     * @param id must be open; null for whatever is
     * @param forsaken what {@link #forsake} has taken away before
     */
    Aborted run(@Nullable Long id, List<String> forsaken)
            throws SQLException, RingChangeException, InterruptedException {
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
            if (after.state() == MoveState.ABORTING
                    || after.state() == MoveState.WITHDRAWING
                    || after.state() == MoveState.ABORTED) {
                told.add(after);
            } else if (after.state().isOpen()) {
                finishing.add(after);
            }
        }
        return new Aborted(told, finishing, forsaken);
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
