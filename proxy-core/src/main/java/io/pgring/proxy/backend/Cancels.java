package io.pgring.proxy.backend;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The CancelRequests for one connection: when they may leave, and when the server has dealt with them. */
final class Cancels {
    private final Consumer<Runnable> sender;
    private int inFlight;
    /** Requests that must not be cancelled, because what follows them would run without them. */
    private int forbidden;

    private boolean wanted;
    private @Nullable Runnable after;
    private @Nullable Runnable end;

    /** @param sender sends one, and runs what it is given when the server has dealt with it */
    Cancels(Consumer<Runnable> sender) {
        this.sender = sender;
    }

    /** Sends one, or as soon as that is allowed. */
    void cancel() {
        if (forbidden > 0) {
            wanted = true;
        } else {
            inFlight++;
            sender.accept(this::onDone);
        }
    }

    void forbid() {
        forbidden++;
    }

    /** What {@link #forbid} has forbidden is over: what waits for that is done now. */
    void allow() {
        forbidden--;
        if (forbidden == 0 && wanted) {
            wanted = false;
            cancel();
            if (end != null) {
                end.run();
            }
        }
    }

    /**
     * Does something when the cancel that is wanted may leave.
     *
     * @return false when none waits for that
     */
    boolean waitFor(Runnable then) {
        end = wanted ? then : null;
        return wanted;
    }

    private void onDone() {
        inFlight--;
        Runnable next = after;
        if (inFlight == 0 && next != null) {
            after = null;
            next.run();
        }
    }

    boolean areInFlight() {
        return inFlight > 0;
    }

    /** What to do when the server has dealt with all. */
    void after(Runnable action) {
        after = action;
    }
}
