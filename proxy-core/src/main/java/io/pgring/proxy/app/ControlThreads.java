package io.pgring.proxy.app;

import java.util.concurrent.ThreadFactory;

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
}
