package io.pgring.proxy.exchange;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.pgring.proxy.config.ConfigurationView;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The line of those clients of an event loop who wait until rows have been moved. Bounded as the lines for connections are. */
final class PausedStatements {
    private final EventExecutor loop;
    private final ConfigurationView configuration;
    private final Set<MoveWait> line = new LinkedHashSet<>();
    private @Nullable Future<?> timer;

    PausedStatements(EventExecutor loop, ConfigurationView configuration) {
        this.loop = loop;
        this.configuration = configuration;
    }

    int lengthMax() {
        return configuration.pool().queueLengthMax();
    }

    long waitMillisMax() {
        return configuration.pool().queueWaitMillisMax();
    }

    boolean isFull() {
        return line.size() >= lengthMax();
    }

    int length() {
        return line.size();
    }

    void add(MoveWait waiting) {
        line.add(waiting);
        watch();
    }

    boolean remove(MoveWait waiting) {
        return line.remove(waiting);
    }

    /** Something has changed: all plan anew, in the order in which they came, and wait again if they must. */
    void resume() {
        List<MoveWait> all = List.copyOf(line);
        line.clear();
        all.forEach(MoveWait::resume);
    }

    private void watch() {
        if (timer == null && !line.isEmpty() && waitMillisMax() > 0) {
            long waited = System.nanoTime() - line.iterator().next().sinceNanos();
            long left = TimeUnit.MILLISECONDS.toNanos(waitMillisMax()) - waited;
            timer = loop.schedule(this::onTime, Math.max(left, 0), TimeUnit.NANOSECONDS);
        }
    }

    private void onTime() {
        timer = null;
        long now = System.nanoTime();
        long most = TimeUnit.MILLISECONDS.toNanos(waitMillisMax());
        for (MoveWait waiting : List.copyOf(line)) {
            if (most > 0 && now - waiting.sinceNanos() >= most) {
                waiting.cancel(StatementErrors.movesTooLong(waitMillisMax()));
            }
        }
        watch();
    }
}
