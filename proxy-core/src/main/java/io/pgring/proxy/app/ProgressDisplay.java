package io.pgring.proxy.app;

import io.pgring.proxy.app.load.PhaseObserver;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of long work: a bar when a person watches, else a plain line every few seconds. */
final class ProgressDisplay implements PhaseObserver {
    private static final int BAR_PERIOD_MILLIS = 100;
    private static final int LINE_PERIOD_SECONDS = 5;
    private static final int LINE_WIDTH = 100;

    private final PrintWriter err;

    ProgressDisplay(PrintWriter err) {
        this.err = err;
    }

    @Override
    public Phase begin(String name, long total, LongSupplier done) {
        return Terminal.isInteractive() ? new Bar(name, total, done) : new Lines(err, name, total, done);
    }

    private static ScheduledExecutorService clock() {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A bar with rate and time left, redrawn in place. */
    private static final class Bar implements Phase {
        private final ProgressBar bar;
        private final LongSupplier done;
        private final ScheduledExecutorService clock = clock();
        private final ScheduledFuture<?> ticks;

        Bar(String name, long total, LongSupplier done) {
            this.done = done;
            this.bar = new ProgressBarBuilder()
                    .setTaskName(name)
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(BAR_PERIOD_MILLIS)
                    .setStyle(Terminal.showsBlocks() ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, LINE_WIDTH))
                    .showSpeed()
                    .build();
            this.ticks = clock.scheduleAtFixedRate(
                    () -> bar.stepTo(done.getAsLong()), BAR_PERIOD_MILLIS, BAR_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            ticks.cancel(false);
            clock.shutdown();
            bar.stepTo(Math.min(done.getAsLong(), bar.getMax()));
            bar.close();
        }
    }

    /** Lines for a log file. */
    private static final class Lines implements Phase {
        private final PrintWriter err;
        private final String name;
        private final long total;
        private final LongSupplier done;
        private final long startNanos = System.nanoTime();
        private final ScheduledExecutorService clock = clock();
        private final ScheduledFuture<?> ticks;

        Lines(PrintWriter err, String name, long total, LongSupplier done) {
            this.err = err;
            this.name = name;
            this.total = total;
            this.done = done;
            this.ticks =
                    clock.scheduleAtFixedRate(this::print, LINE_PERIOD_SECONDS, LINE_PERIOD_SECONDS, TimeUnit.SECONDS);
        }

        private void print() {
            long now = Math.min(done.getAsLong(), total);
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            String left = now == 0 ? "" : String.format(Locale.ROOT, ", %.0f s left", seconds * (total - now) / now);
            err.println(String.format(Locale.ROOT, "%s: %.0f %%%s", name, 100.0 * now / total, left));
        }

        @Override
        public void close() {
            ticks.cancel(false);
            clock.shutdown();
        }
    }
}
