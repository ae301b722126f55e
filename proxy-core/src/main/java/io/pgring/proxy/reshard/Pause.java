package io.pgring.proxy.reshard;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The arcs change hands while the statements on them wait:
 *
 * <pre>
 *   PAUSED ─► all proxies know; what they had begun has ended      ─ too slow ─┐
 *          ─► no transaction that has written to the arcs is open  ─ too slow ─┤
 *          ─► the outboxes are empty                               ─ too slow ─┤
 *   DRAINED ─► the source refuses writes and hides the rows, the target shows  │
 *   FLIPPED                                                     CATCHING_UP ◄──┘
 * </pre>
 *
 * No statement that reads several shards runs meanwhile, so that it does not matter which shard shows its rows first.
 */
final class Pause {
    /** A shard that is silent for longer is given up, so that clients go on. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(2);

    private final MoveContext move;

    Pause(MoveContext move) {
        this.move = move;
    }

    /**
     * Pauses, and flips if nobody has to wait for long.
     *
     * @return false if it would have taken too long: all is as before
     */
    boolean flip() throws SQLException, InterruptedException, JournalConflictException, MoveRefusedException {
        List<MovedTable> tables = move.tables();
        move.source().timeout(SILENCE_MAX);
        move.target().timeout(SILENCE_MAX);
        long began = System.nanoTime();
        long version = move.advance(MoveState.PAUSED);
        move.reach(MovePoint.PAUSED);
        String obstacle = await(version, tables, began);
        if (obstacle != null) {
            move.capture().unlock();
            notePause(began);
            move.advance(MoveState.CATCHING_UP, obstacle);
        } else {
            move.advance(MoveState.DRAINED);
            move.reach(MovePoint.DRAINED);
            handOver();
            move.flip();
            notePause(began);
            move.capture().unlock();
            move.reach(MovePoint.FLIPPED);
            move.note();
        }
        move.source().resetTimeout();
        move.target().resetTimeout();
        return obstacle == null;
    }

    private void notePause(long began) {
        move.progress(move.progress().paused(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began)));
    }

    /** What it would have to wait for still; null when there is nothing. */
    private @Nullable String await(long version, List<MovedTable> tables, long began)
            throws SQLException, InterruptedException, MoveRefusedException {
        Duration most = move.settings().pauseMax();
        if (!move.awaitProxies(version, most)) {
            return "a transaction of a client, or a proxy, has held up the pause";
        }
        move.reach(MovePoint.PAUSED_ACKNOWLEDGED);
        // Who starts after this gets no connection until it knows of the pause.
        String disagreement = move.disagreement();
        if (disagreement != null) {
            return disagreement;
        }
        Duration left = most.minusNanos(System.nanoTime() - began);
        if (!move.capture().lock(left)) {
            return "a transaction on the source that has written to the rows has held up the pause";
        }
        move.reach(MovePoint.LOCKED);
        long end = System.nanoTime() + move.settings().emptyMax().toNanos();
        while (drainAll(tables) > 0) {
            if (System.nanoTime() > end) {
                return "there was more to copy than a pause allows";
            }
        }
        move.reach(MovePoint.EMPTIED);
        return null;
    }

    private long drainAll(List<MovedTable> tables) throws SQLException, InterruptedException, MoveRefusedException {
        long taken = 0;
        for (MovedTable table : tables) {
            RowMove.Drained drained = move.rows().drain(table, move.settings().drainRows());
            move.progress(move.progress().copied(drained.rows()));
            taken += drained.taken();
        }
        return taken;
    }

    private void handOver() throws SQLException, InterruptedException {
        String arcs = move.entry().arcs().toString();
        move.source().transaction(() -> {
            move.capture().setGate(false);
            return move.source().update("UPDATE pgring.hidden SET arcs = '" + arcs + "'");
        });
        move.reach(MovePoint.SOURCE_CLOSED);
        MoveContext.hide(move.target(), "{}");
        move.reach(MovePoint.TARGET_OPENED);
    }

    /** Takes everything back that a pause may have done, and lets clients go on. */
    void undo(String reason) throws SQLException, InterruptedException, JournalConflictException {
        move.capture().unlock();
        if (move.entry().state() == MoveState.DRAINED) {
            MoveContext.hide(move.target(), move.entry().arcs().toString());
            move.source().transaction(() -> {
                move.capture().setGate(true);
                return move.source().update("UPDATE pgring.hidden SET arcs = '{}'");
            });
        }
        move.advance(MoveState.CATCHING_UP, reason);
    }
}
