package io.pgring.proxy.reshard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the moves of the journal, one after the other. Of all proxies one at a time does: the one that has the lock on the home shard. Whoever
 * takes it over goes on where the one before has stopped: before the flip of a move it may also go back, after it only on.
 *
 * <p>Blocks: for a control thread, whose interruption ends it.
 */
public final class Mover {
    private static final Logger LOG = LoggerFactory.getLogger(Mover.class);

    /** Failures that are no fault of the move: a later attempt may do. By class, and the state of a timeout. */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

    private static final int FAILURES_MAX = 5;
    private static final int VALID_SECONDS = 5;
    private static final long PAUSED_REST_MILLIS = 50;

    private final MoverSurroundings surroundings;

    public Mover(MoverSurroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * Makes all moves that are open, until there is none.
     *
     * @return false when another mover is at work
     * @throws SQLException if the home shard can't be reached, or another mover has taken over: to be tried again after a while
     */
    public boolean run() throws SQLException, InterruptedException {
        MoverLock taken = MoverLock.take(openHome(), surroundings.settings().frozenAfter());
        if (taken == null) {
            return false;
        }
        try (MoverLock lock = taken;
                Connection home = openHome()) {
            MoveJournal journal = new MoveJournal(home);
            long token = lock.takeOver();
            new Leftovers(surroundings, journal).sweep(token);
            List<JournalEntry> open = journal.open();
            while (!open.isEmpty()) {
                JournalEntry next = open.stream()
                        .min(Comparator.comparing((JournalEntry entry) -> entry.state() == MoveState.PLANNED)
                                .thenComparing(JournalEntry::id))
                        .orElseThrow();
                if (next.mover() != token) {
                    // It has been planned since.
                    token = lock.takeOver();
                    next = journal.read(next.id());
                }
                make(next, home, journal, lock);
                open = journal.open();
            }
            new Departures(surroundings, journal).run(token);
            return true;
        }
    }

    private Connection openHome() throws SQLException {
        return surroundings.access().open(surroundings.home().configuration(), surroundings.pool());
    }

    private void make(JournalEntry first, Connection home, MoveJournal journal, MoverLock lock)
            throws SQLException, InterruptedException {
        int failures = 0;
        long restMillis = 100;
        JournalEntry entry = first;
        String failure = "";
        while (entry.state().isOpen()) {
            try {
                attempt(entry, journal, lock, failures >= FAILURES_MAX ? failure : null);
                return;
            } catch (SQLException e) {
                boolean stops =
                        Thread.currentThread().isInterrupted() || e instanceof StaleMoverException || lock.isLost();
                if (stops || !home.isValid(VALID_SECONDS)) {
                    throw e;
                }
                boolean passing = e.getSQLState() == null
                        || PASSING.contains(e.getSQLState().substring(0, 2));
                failures += passing ? 0 : 1;
                failure = String.valueOf(e.getMessage());
                if (e instanceof KnownTables.DifferenceException) {
                    entry = journal.read(entry.id());
                    journal.explain(entry, entry.reasonAfter(failure));
                    throw e;
                }
                LOG.warn("move fails {} sqlState={} reason=\"{}\"", entry, e.getSQLState(), failure);
            }
            entry = journal.read(entry.id());
            journal.explain(entry, entry.reasonAfter(failure));
            if (entry.mover() != first.mover()) {
                throw new StaleMoverException("move " + entry.id() + " is another mover's");
            }
            if (entry.state() == MoveState.PAUSED) {
                entry = unpause(entry, journal);
            }
            Thread.sleep(entry.state().isPaused() ? PAUSED_REST_MILLIS : restMillis);
            restMillis =
                    Math.min(2 * restMillis, surroundings.settings().retryMax().toMillis());
        }
    }

    /** @param failure for which the move is given up; null to try it */
    private void attempt(JournalEntry entry, MoveJournal journal, MoverLock lock, @Nullable String failure)
            throws SQLException, InterruptedException {
        if (LostTarget.isOf(surroundings, entry)) {
            try (LostTarget lost = new LostTarget(surroundings, journal, lock, entry)) {
                lost.run();
            }
            return;
        }
        try (MoveContext move = new MoveContext(surroundings, journal, lock, entry)) {
            MoveSteps steps = new MoveSteps(move);
            if (failure != null) {
                steps.abort(failure);
            }
            steps.run();
        }
    }

    /** Nothing has changed on the shards yet, and one of them may be down for long: clients don't wait for that. */
    private static JournalEntry unpause(JournalEntry entry, MoveJournal journal) throws SQLException {
        try {
            journal.advance(entry, MoveState.CATCHING_UP);
        } catch (JournalConflictException e) {
            LOG.debug("the journal has changed", e);
        }
        return journal.read(entry.id());
    }
}
