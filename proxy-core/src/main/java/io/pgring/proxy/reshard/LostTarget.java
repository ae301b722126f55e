package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.Membership;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Takes a move back whose target is no shard any more, see {@link MoveJournal#forsake}: what it has on the source. Nobody asks the target for
 * rows again, so what it has got of them does no harm.
 */
final class LostTarget implements AutoCloseable {
    private static final Duration BARRIER = Duration.ofSeconds(5);
    private static final String REASON = "the target was taken away";

    private final MoverSurroundings surroundings;
    private final MoveJournal journal;
    private final MoverLock lock;
    private final ShardSession source;
    private final Capture capture;
    private JournalEntry entry;

    /** Connects to the source. */
    LostTarget(MoverSurroundings surroundings, MoveJournal journal, MoverLock lock, JournalEntry entry)
            throws SQLException {
        this.surroundings = surroundings;
        this.journal = journal;
        this.lock = lock;
        this.entry = entry;
        this.source = MoveContext.open(surroundings, entry.planned().source(), entry.mover());
        this.capture = new Capture(source, entry.id(), entry.arcs());
    }

    /** Whether a move is such a one. */
    static boolean isOf(MoverSurroundings surroundings, JournalEntry entry) throws SQLException {
        return surroundings
                        .topology()
                        .get()
                        .placement()
                        .membershipOf(surroundings.shard(entry.planned().target()))
                == Membership.GONE;
    }

    /** Until the move is over. */
    void run() throws SQLException, InterruptedException {
        source.takeOver();
        while (entry.state().isOpen()) {
            try {
                step();
            } catch (JournalConflictException e) {
                reload();
            }
        }
    }

    private void step() throws SQLException, InterruptedException, JournalConflictException {
        switch (entry.state()) {
            case PLANNED, HIDDEN, CAPTURING, COPYING, CATCHING_UP, VERIFYING -> advance(MoveState.ABORTING);
            case PAUSED, DRAINED -> {
                reopen();
                advance(MoveState.CATCHING_UP);
            }
            case ABORTING -> {
                capture.remove();
                MoveContext.hide(source, "{}");
                advance(MoveState.WITHDRAWING);
            }
            case WITHDRAWING -> {
                awaitProxies();
                MoveContext.hide(source, "{}");
                journal.giveUp(entry);
                reload();
            }
            case FLIPPED, CLEANING, CLOSING, DONE, ABORTED -> throw new IllegalStateException(entry.toString());
        }
    }

    /** The source takes writes again, and shows its rows, before clients go on. */
    private void reopen() throws SQLException, InterruptedException {
        source.transaction(() -> {
            capture.setGate(true);
            return source.update("UPDATE pgring.hidden SET arcs = '{}'");
        });
    }

    private void awaitProxies() throws SQLException, InterruptedException {
        long version = journal.version();
        while (!surroundings.barrier().await(version, List.of(source.shard()), BARRIER)) {
            reload();
        }
    }

    private void advance(MoveState to) throws SQLException, JournalConflictException {
        journal.advance(entry, to, REASON, () -> {});
        reload();
    }

    private void reload() throws SQLException {
        long token = entry.mover();
        entry = journal.read(entry.id());
        if (entry.mover() != token || lock.isLost()) {
            throw new StaleMoverException("move " + entry.id() + " is another mover's");
        }
    }

    @Override
    public void close() throws SQLException {
        source.close();
    }
}
