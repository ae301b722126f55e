package io.pgring.proxy.reshard;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each state of a move asks for. Every step can be done again from its beginning, by this mover or by another; how far rows are copied
 * is known on the target.
 */
final class MoveSteps {
    private static final Duration POLL = Duration.ofMillis(100);

    private final MoveContext move;
    private final Pause pause;
    private final Throttle throttle;
    private boolean verified;
    private int pauses;

    MoveSteps(MoveContext move) {
        this.move = move;
        this.pause = new Pause(move);
        this.throttle = new Throttle(move.settings());
    }

    /** Until the move is over. */
    void run() throws SQLException, InterruptedException {
        while (move.entry().state().isOpen()) {
            try {
                step();
            } catch (JournalConflictException e) {
                move.reload();
            } catch (MoveRefusedException e) {
                abort(e);
            }
        }
    }

    private void abort(MoveRefusedException refusal) throws SQLException, InterruptedException {
        if (!move.entry().state().isPaused() && !move.entry().state().isAbortable()) {
            throw new SQLException(refusal.getMessage(), "55000", refusal);
        }
        abort(String.valueOf(refusal.getMessage()));
    }

    private void step() throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        switch (move.entry().state()) {
            case PLANNED -> plan();
            case HIDDEN -> hide();
            case CAPTURING -> capture();
            case COPYING -> copy();
            case CATCHING_UP -> catchUp();
            case VERIFYING -> verifyAndFlip();
            case PAUSED, DRAINED -> pause.undo("the pause was interrupted");
            case FLIPPED -> settle();
            case CLEANING -> clean();
            case CLOSING -> {
                tidy();
                move.advance(MoveState.DONE);
                move.reach(MovePoint.CLOSED);
            }
            case ABORTING -> undo();
            case WITHDRAWING -> {
                tidy();
                move.giveUp();
                move.reach(MovePoint.CLOSED);
            }
            case DONE, ABORTED -> throw new IllegalStateException(move.entry().toString());
        }
    }

    /** Gives the move up, after a pause if there is one. */
    void abort(String reason) throws SQLException, InterruptedException {
        try {
            if (move.entry().state().isPaused()) {
                pause.undo(reason);
            }
            if (move.entry().state().isAbortable()) {
                move.advance(MoveState.ABORTING, reason);
            }
        } catch (JournalConflictException e) {
            move.reload();
        }
    }

    private void plan() throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        MoveCheck check =
                new MoveCheck(move.source(), move.target(), move.entry().arcs());
        List<MovedTable> tables = check.check(move.sharded());
        check.checkEmpty(tables);
        double owned =
                move.surroundings().topology().get().shareOf(move.source().shard());
        double share = owned > 0 ? Math.min(1, move.entry().arcs().share() / owned) : 1;
        move.progress(move.progress().expecting(check.estimate(tables, share)));
        MoveContext.hide(move.target(), move.entry().arcs().toString());
        // A shard that could not be reached when the move was planned has not been looked at since.
        move.journal().change(() -> {});
        // Once the target may have copies, statements of some proxies go through the views: all must have made them fit
        // for that.
        move.awaitProxies();
        move.reach(MovePoint.CHECKED);
        move.advance(MoveState.HIDDEN);
        move.reach(MovePoint.HIDDEN);
    }

    /** Definitions are looked at again, now that no proxy changes them any more. */
    private void hide() throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        move.awaitProxies();
        move.reach(MovePoint.HIDDEN_ACKNOWLEDGED);
        new MoveCheck(move.source(), move.target(), move.entry().arcs()).check(move.sharded());
        move.advance(MoveState.CAPTURING);
        move.reach(MovePoint.CAPTURING);
    }

    private void capture() throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        move.capture().remove();
        move.capture().prepare();
        for (MovedTable table : move.tables()) {
            move.capture().create(table);
            move.reach(MovePoint.TABLE_CAPTURED);
        }
        move.rows().createCursors();
        move.advance(MoveState.COPYING);
        move.reach(MovePoint.COPYING);
    }

    private void copy() throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        for (MovedTable table : move.tables()) {
            RowMove.Cursor cursor = move.rows().cursor(table);
            while (!cursor.done()) {
                long began = System.nanoTime();
                Transfer copied =
                        move.rows().copyChunk(table, cursor, move.settings().chunkRows());
                move.reach(MovePoint.CHUNK_COPIED);
                move.progress(move.progress().copied(copied));
                drainOnce();
                move.note();
                throttle.rest(began, copied.rows());
                cursor = move.rows().cursor(table);
            }
        }
        move.advance(MoveState.CATCHING_UP);
        move.reach(MovePoint.CATCHING_UP);
    }

    /** Some of what is in each outbox. */
    private long drainOnce() throws SQLException, InterruptedException, MoveRefusedException {
        long taken = 0;
        for (MovedTable table : move.tables()) {
            RowMove.Drained drained = move.rows().drain(table, move.settings().drainRows());
            move.progress(move.progress().copied(drained.rows()));
            taken += drained.taken();
        }
        return taken;
    }

    private void drainUntilCalm()
            throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        while (drainOnce() > move.settings().calmRows()) {
            move.note();
        }
    }

    private void catchUp() throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        drainUntilCalm();
        move.advance(MoveState.VERIFYING);
        move.reach(MovePoint.VERIFYING);
    }

    private void verifyAndFlip()
            throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        if (!verified) {
            for (MovedTable table : move.tables()) {
                verify(table);
            }
            verified = true;
        }
        waitForNextPause();
        drainUntilCalm();
        move.requireAgreement();
        pauses++;
        pause.flip();
    }

    /** All drains are compared as well: what is the same now stays the same. */
    private void verify(MovedTable table)
            throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        @Nullable List<String> lower = null;
        do {
            long began = System.nanoTime();
            drainUntilCalm();
            List<String> upper =
                    RowMove.upper(move.source(), table, lower, move.settings().chunkRows());
            // Libraries that order text otherwise on each shard make other ranges of it, but not other tables.
            if (!move.rows().isSame(table, lower, upper) && !move.rows().isSame(table, null, null)) {
                throw new MoveRefusedException("rows of table " + table.qualifiedName() + " on shard \""
                        + move.target().shard().name() + "\" are not those of shard \""
                        + move.source().shard().name() + "\"");
            }
            move.reach(MovePoint.CHUNK_VERIFIED);
            move.note();
            throttle.rest(began, 0);
            lower = upper;
        } while (lower != null);
    }

    private void waitForNextPause()
            throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        if (pauses == 0) {
            return;
        }
        long wait = move.settings().retryMin().toNanos() << Math.min(pauses - 1, 20);
        long end = System.nanoTime() + Math.min(wait, move.settings().retryMax().toNanos());
        while (System.nanoTime() < end) {
            drainUntilCalm();
            move.note();
            Thread.sleep(Math.min(POLL.toMillis(), move.settings().retryMin().toMillis()));
        }
    }

    /** Nobody needs the rows on the source any more. */
    private void settle() throws SQLException, InterruptedException, JournalConflictException {
        move.capture().unlock();
        move.awaitProxies();
        move.advance(MoveState.CLEANING);
        move.reach(MovePoint.CLEANING);
    }

    private void clean() throws SQLException, InterruptedException, JournalConflictException {
        ShardSession source = move.source();
        // Lets the triggers, which refuse writes of others, take those of this mover.
        source.execute("SET pgring.moving = '" + source.token() + "'");
        deleteAll(source);
        move.reach(MovePoint.ROWS_DELETED);
        move.capture().remove();
        move.rows().dropCursors();
        move.reach(MovePoint.CAPTURE_REMOVED);
        move.advance(MoveState.CLOSING);
        move.reach(MovePoint.CLOSING);
    }

    /** Whatever has become of the tables since: a move that has got so far must end. */
    private void deleteAll(ShardSession shard) throws SQLException, InterruptedException, JournalConflictException {
        List<MovedTable> rest = TableInspection.readRest(shard, move.begun());
        TableInspection.findOperators(shard, rest);
        for (MovedTable table : rest) {
            delete(shard, table);
        }
    }

    private void delete(ShardSession shard, MovedTable table)
            throws SQLException, InterruptedException, JournalConflictException {
        @Nullable List<String> lower = null;
        do {
            long began = System.nanoTime();
            List<String> upper = table.key().isEmpty()
                    ? null
                    : RowMove.upper(shard, table, lower, move.settings().chunkRows());
            long deleted = move.rows().delete(shard, table, lower, upper);
            move.progress(move.progress().deleted(deleted));
            move.reach(MovePoint.BATCH_DELETED);
            move.note();
            throttle.rest(began, deleted);
            lower = upper;
        } while (lower != null);
    }

    /** Takes everything back. Rows of the target are its own unless this move may have copied some. */
    private void undo() throws SQLException, InterruptedException, JournalConflictException {
        MoveContext.hide(move.source(), "{}");
        if (move.rows().hasCursors()) {
            deleteAll(move.target());
            move.reach(MovePoint.ROWS_DELETED);
            move.rows().dropCursors();
        }
        // Not before: the triggers say which tables there are.
        move.capture().remove();
        move.reach(MovePoint.CAPTURE_REMOVED);
        move.advance(MoveState.WITHDRAWING, move.entry().abortReason());
        move.reach(MovePoint.CLOSING);
    }

    /** Views are put back into their first form when the move is over: before, nobody may use them for it. */
    private void tidy() throws SQLException, InterruptedException, JournalConflictException {
        move.awaitProxies();
        for (ShardSession shard : List.of(move.source(), move.target())) {
            MoveContext.hide(shard, "{}");
        }
        move.reach(MovePoint.TIDIED);
    }
}
