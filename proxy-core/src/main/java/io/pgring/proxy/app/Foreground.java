package io.pgring.proxy.app;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a command in the foreground until a signal comes, then closes what the command started, last first, and ends the program
 * with {@link ExitCode#OK}, or {@link ExitCode#FAILED} when something could not be closed.
 *
 * <pre>
 *   SIGTERM               closes, with patience
 *   SIGINT, as by Ctrl-C  closes, in a hurry
 *   one more of them      hurries; when it is in a hurry already, ends the program as it is
 *   SIGHUP                what {@link #whenHungUp} says; without that, as SIGTERM
 * </pre>
 *
 * <p>What is to be closed is named as soon as it exists, before it starts, so that a signal during the start leaves nothing
 * behind: {@code close} of such a thing must be safe at any time, from another thread.
 */
public final class Foreground implements AutoCloseable {
    private final PrintWriter err;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Deque<Runnable> hurries = new ArrayDeque<>();
    private final Thread hook = new Thread(this::stop, "shutdown");
    private final CountDownLatch forever = new CountDownLatch(1);
    private boolean closed;
    private boolean stopping;
    private boolean hurried;

    /** Starts to watch for signals. */
    public Foreground(PrintWriter err) {
        this.err = err;
        Runtime.getRuntime().addShutdownHook(hook);
        Signals.on("TERM", () -> onSignal(false));
        Signals.on("INT", () -> onSignal(true));
    }

    /** Closes the thing at the end, at once when the end has come already. */
    public <T extends AutoCloseable> T closeLater(T thing) {
        synchronized (this) {
            if (!closed) {
                open.push(thing);
                return thing;
            }
        }
        closeOne(thing);
        return thing;
    }

    /** Does something when the end is wanted soon, at once when it is wanted already. */
    public void whenHurried(Runnable action) {
        synchronized (this) {
            if (!hurried) {
                hurries.add(action);
                return;
            }
        }
        action.run();
    }

    /** Does something at each SIGHUP. */
    public void whenHungUp(Runnable action) {
        Signals.on("HUP", action);
    }

    /** Waits for a signal. Does not return; the program ends. */
    public void awaitSignal() throws InterruptedException {
        forever.await();
    }

    /** Closes everything, for a command that ends by itself, such as one whose start failed. */
    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came meanwhile: its hook ends the program.
            return;
        }
    }

    private void onSignal(boolean hurry) {
        boolean again;
        boolean enough;
        synchronized (this) {
            again = stopping;
            enough = stopping && hurried;
            stopping = true;
            hurried |= hurry || again;
            if (hurried) {
                hurries.forEach(Runnable::run);
            }
        }
        if (enough) {
            Runtime.getRuntime().halt(ExitCode.FAILED);
        } else if (!again) {
            new Thread(this::stop, "stop").start();
        }
    }

    private void stop() {
        boolean clean = closeAll();
        err.flush();
        Runtime.getRuntime().halt(clean ? ExitCode.OK : ExitCode.FAILED);
    }

    private boolean closeAll() {
        boolean clean = true;
        while (true) {
            AutoCloseable next;
            synchronized (this) {
                closed = true;
                next = open.poll();
            }
            if (next == null) {
                return clean;
            }
            clean &= closeOne(next);
        }
    }

    private boolean closeOne(AutoCloseable thing) {
        try {
            thing.close();
            return true;
        } catch (Exception e) {
            err.println("pgring: while stopping: " + e.getMessage());
            return false;
        }
    }
}
