package io.pgring.proxy.reshard;

import io.pgring.hashring.Arcs;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A move, as it stands in {@code pgring.moves}.
 *
 * @param id its number
 * @param reason why it was aborted, or has to try again; null when there is nothing to say
 * @param mover the token of the mover whose it is; 0 before the first
 */
public record JournalEntry(
        long id,
        PlannedMove planned,
        MoveState state,
        @Nullable String reason,
        long mover,
        Progress progress) {

    /**
     * How much is done.
     *
     * @param rowsTotal an estimate of what there is to copy
     * @param rowsCopied in chunks, or because they were written during the move
     * @param bytesCopied size of those, as text
     * @param rowsDeleted on the source after the flip, or on the target of an aborted move
     * @param pauseMicrosMax the longest time from a pause to the flip, or to giving up, as the mover has seen it
     * @param started null before the first step
     * @param changed when the state was reached
     * @param ended null before the end
     */
    public record Progress(
            long rowsTotal,
            long rowsCopied,
            long bytesCopied,
            long rowsDeleted,
            long pauseMicrosMax,
            @Nullable Instant started,
            Instant changed,
            @Nullable Instant ended) {

        Progress expecting(long rows) {
            return with(rows, rowsCopied, bytesCopied, rowsDeleted, pauseMicrosMax);
        }

        Progress copied(Transfer more) {
            return with(rowsTotal, rowsCopied + more.rows(), bytesCopied + more.bytes(), rowsDeleted, pauseMicrosMax);
        }

        Progress deleted(long rows) {
            return with(rowsTotal, rowsCopied, bytesCopied, rowsDeleted + rows, pauseMicrosMax);
        }

        Progress paused(long micros) {
            return with(rowsTotal, rowsCopied, bytesCopied, rowsDeleted, Math.max(micros, pauseMicrosMax));
        }

        private Progress with(long total, long copied, long bytes, long deleted, long pauseMicros) {
            return new Progress(total, copied, bytes, deleted, pauseMicros, started, changed, ended);
        }
    }

    private static final String NOT_YET = "; it can't be taken back yet: ";

    /** Why it was aborted, without what has kept it from being taken back. */
    @Nullable
    String abortReason() {
        return reason == null ? null : reason.split(NOT_YET, 2)[0];
    }

    /** What to say after a failure, which must not hide why the move was aborted. */
    String reasonAfter(String failure) {
        boolean goesBack = state == MoveState.ABORTING || state == MoveState.WITHDRAWING;
        return goesBack && reason != null ? abortReason() + NOT_YET + failure : failure;
    }

    /** What is moved. */
    public Arcs arcs() {
        return planned.arcs();
    }

    /** Rows copied in each second since copying has begun. */
    public double rowsPerSecond(Instant now) {
        double seconds = Duration.between(progress.changed(), now).toMillis() / 1000.0;
        return state == MoveState.COPYING && seconds > 0 ? progress.rowsCopied() / seconds : 0;
    }

    /** How long copying will take at this rate; null when nobody knows. */
    public @Nullable Duration timeLeft(Instant now) {
        double rate = rowsPerSecond(now);
        long left = progress.rowsTotal() - progress.rowsCopied();
        return rate > 0 && left > 0 ? Duration.ofMillis((long) (1000 * left / rate)) : null;
    }

    @Override
    public String toString() {
        return "move=" + id + " source=" + planned.source() + " target=" + planned.target() + " state=" + state;
    }
}
