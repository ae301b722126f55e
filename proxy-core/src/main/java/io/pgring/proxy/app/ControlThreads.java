package io.pgring.proxy.app;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads of the control side: they may block, and don't keep the program running. */
final class ControlThreads {
    private ControlThreads() {}

    /** Makes threads of a name. */
    static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends threads when they have done what they are at: being interrupted looks like a fault of the server. Blocks for a moment at most. */
    static void end(ExecutorService threads, long millisMax) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(millisMax, TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
