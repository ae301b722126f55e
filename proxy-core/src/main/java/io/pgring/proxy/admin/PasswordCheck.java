package io.pgring.proxy.admin;

import io.pgring.proxy.frontend.Users;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Compares passwords with the users file, away from the event loops: each takes milliseconds. For any thread. */
final class PasswordCheck {
    private static final int CHECKS_MAX = 64;

    private final Users users;
    private final Executor blocking;
    private final Semaphore room = new Semaphore(CHECKS_MAX);

    /** What came of it. */
    enum Outcome {
        RIGHT,
        WRONG,
        /** Too many are being compared: not even tried. */
        BUSY
    }

    PasswordCheck(Users users, Executor blocking) {
        this.users = users;
        this.blocking = blocking;
    }

    /** Completed on {@code then}. A stranger's password takes as long as a user's. */
    CompletableFuture<Outcome> check(BasicCredentials credentials, Executor then) {
        if (!room.tryAcquire()) {
            return CompletableFuture.completedFuture(Outcome.BUSY);
        }
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try {
            blocking.execute(() -> {
                boolean right = fits(credentials);
                room.release();
                then.execute(() -> outcome.complete(right ? Outcome.RIGHT : Outcome.WRONG));
            });
        } catch (RejectedExecutionException e) {
            room.release();
            outcome.complete(Outcome.BUSY);
        }
        return outcome;
    }

    private boolean fits(BasicCredentials credentials) {
        return users.verifier(credentials.user()).fits(credentials.password());
    }
}
