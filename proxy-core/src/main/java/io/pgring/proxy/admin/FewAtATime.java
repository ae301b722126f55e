package io.pgring.proxy.admin;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks, which must not throw, on an executor that others need as well, only a few of them at a time; the others wait here, so their number must be
 * bounded by those who bring them. For any thread.
 */
final class FewAtATime implements Executor {
    private final Executor executor;
    private final int tasksMax;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    FewAtATime(Executor executor, int tasksMax) {
        this.executor = executor;
        this.tasksMax = tasksMax;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (running >= tasksMax) {
                waiting.add(task);
                return;
            }
            running++;
        }
        start(task);
    }

    private void start(Runnable task) {
        try {
            executor.execute(() -> runFrom(task));
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                running--;
            }
            throw e;
        }
    }

    private void runFrom(Runnable first) {
        Runnable task = first;
        while (task != null) {
            task.run();
            task = next();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = waiting.poll();
        if (task == null) {
            running--;
        }
        return task;
    }
}
