package io.pgring.proxy.admin;

import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/** Judges callers by the rules and secrets that clients of the PostgreSQL port are judged by. For any thread. */
final class PasswordCheck {
    private static final int CHECKS_MAX = 64;

    private final Authenticator authenticator;
    private final String database;
    private final Semaphore room = new Semaphore(CHECKS_MAX);

    /** What came of it. */
    enum Outcome {
        RIGHT,
        WRONG,
        /** Too many are being compared, or the secret can't be had: not even tried. */
        BUSY
    }

    /** @param database that the API reads and writes */
    PasswordCheck(Authenticator authenticator, String database) {
        this.authenticator = authenticator;
        this.database = database;
    }

    /** Whether anyone needs a password, or a certificate, which HTTP has no place for. */
    boolean isNeeded() {
        return !authenticator.settings().clients().trustsEverybody();
    }

    /** Completed on {@code then}. A stranger's password takes as long as a user's. */
    CompletableFuture<Outcome> check(BasicCredentials credentials, InetAddress address, Executor then) {
        AuthenticationSettings settings = authenticator.settings();
        ClientRule rule = settings.ruleFor(false, database, credentials.user(), address);
        AuthenticationMethod method = rule == null ? AuthenticationMethod.REJECT : rule.method();
        if (!method.asksPassword()) {
            return CompletableFuture.completedFuture(
                    method == AuthenticationMethod.TRUST ? Outcome.RIGHT : Outcome.WRONG);
        }
        if (authenticator.hasFailedTooOften(address) || !room.tryAcquire()) {
            return CompletableFuture.completedFuture(Outcome.BUSY);
        }
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        authenticator
                .role(settings, credentials.user())
                .thenCompose(role -> authenticator
                        .fits(role, credentials.user(), credentials.password())
                        .thenApply(right -> right && role.canLogin()))
                .whenComplete((right, failure) -> {
                    room.release();
                    if (Boolean.FALSE.equals(right)) {
                        authenticator.onFailure(address, credentials.user());
                    }
                    Outcome found = failure != null ? Outcome.BUSY : right ? Outcome.RIGHT : Outcome.WRONG;
                    then.execute(() -> outcome.complete(found));
                });
        return outcome;
    }
}
