package io.pgring.proxy.admin;

import io.pgring.pgwire.auth.ScramVerifier;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Compares passwords with the users file, away from the event loops: each takes milliseconds. For any thread. */
final class PasswordCheck {
    private static final int CHECKS_MAX = 64;
    private static final int SECRET_BYTES = 32;

    private final Map<String, ScramVerifier> verifiers;
    private final Executor blocking;
    private final Semaphore room = new Semaphore(CHECKS_MAX);
    private final byte[] mockSecret = new byte[SECRET_BYTES];

    /** What came of it. */
    enum Outcome {
        RIGHT,
        WRONG,
        /** Too many are being compared: not even tried. */
        BUSY
    }

    /** @param verifiers by user name */
    PasswordCheck(Map<String, ScramVerifier> verifiers, Executor blocking) {
        this.verifiers = Map.copyOf(verifiers);
        this.blocking = blocking;
        new SecureRandom().nextBytes(mockSecret);
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
        ScramVerifier verifier = verifiers.get(credentials.user());
        if (verifier == null) {
            verifier = ScramVerifier.mock(credentials.user(), mockSecret, ScramVerifier.DEFAULT_ITERATIONS);
        }
        return verifier.fits(credentials.password());
    }
}
