package io.pgring.proxy.app;

import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.JournalEntry.Progress;
import io.pgring.proxy.reshard.MoveState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a move is, as in {@code --json}.
 *
 * @param share of the ring, 0 to 1
 * @param rowsPerSecond while rows are copied; else 0
 * @param secondsLeft until they are copied; null when nobody knows
 * @param pauseMillisMax the longest pause of clients
 * @param seconds since it has begun, or how long it took
 */
record MoveLine(
        long id,
        String source,
        String target,
        String state,
        double share,
        long rowsTotal,
        long rowsCopied,
        long bytesCopied,
        long rowsDeleted,
        double rowsPerSecond,
        @Nullable Double secondsLeft,
        double pauseMillisMax,
        double seconds,
        @Nullable String reason) {
    private static final int WIDTH = 20;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    static MoveLine of(JournalEntry entry, Instant now) {
        Progress progress = entry.progress();
        Duration left = entry.timeLeft(now);
        Instant started = progress.started();
        Instant until = progress.ended() == null ? now : progress.ended();
        return new MoveLine(
                entry.id(),
                entry.planned().source(),
                entry.planned().target(),
                entry.state().name(),
                entry.arcs().share(),
                progress.rowsTotal(),
                progress.rowsCopied(),
                progress.bytesCopied(),
                progress.rowsDeleted(),
                entry.rowsPerSecond(now),
                left == null ? null : (Double) (left.toMillis() / 1000.0),
                progress.pauseMicrosMax() / 1000.0,
                started == null
                        ? 0
                        : Math.max(0, Duration.between(started, until).toMillis() / 1000.0),
                entry.reason());
    }

    /** How much of it is done, 0 to 1: copying is most of it. */
    double done() {
        return switch (MoveState.valueOf(state)) {
            case PLANNED, HIDDEN, CAPTURING, ABORTING, WITHDRAWING, ABORTED -> 0;
            case COPYING -> rowsTotal <= 0 ? 0 : Math.min(0.95, (double) rowsCopied / rowsTotal);
            case CATCHING_UP, VERIFYING, PAUSED, DRAINED -> 0.95;
            case FLIPPED, CLEANING, CLOSING -> 0.98;
            case DONE -> 1;
        };
    }

    /** Whether nobody knows how much there is to copy. */
    private boolean isUnknown() {
        return MoveState.valueOf(state) == MoveState.COPYING && rowsTotal <= 0;
    }

    /** One line for a person. */
    String text(boolean blocks) {
        int full = (int) Math.round(done() * WIDTH);
        String bar = (blocks ? "\u2588" : "#").repeat(full) + (blocks ? "\u2591" : ".").repeat(WIDTH - full);
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "move %d  %s > %s  %-11s %s %3s %%  %,d rows  %s",
                id,
                source,
                target,
                state,
                bar,
                isUnknown() ? "?" : Long.toString(Math.round(100 * done())),
                rowsCopied,
                size(bytesCopied)));
        if (rowsPerSecond > 0) {
            line.append(String.format(Locale.ROOT, "  %,.0f rows/s", rowsPerSecond));
        }
        if (secondsLeft != null) {
            line.append(String.format(Locale.ROOT, "  %.0f s left", secondsLeft));
        }
        if (seconds > 0) {
            line.append(String.format(Locale.ROOT, "  %.1f s", seconds));
        }
        if (pauseMillisMax > 0) {
            line.append(String.format(Locale.ROOT, "  pause %.0f ms", pauseMillisMax));
        }
        return line + (reason == null ? "" : "  (" + reason + ")");
    }

    /** A number of bytes with a unit. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}
