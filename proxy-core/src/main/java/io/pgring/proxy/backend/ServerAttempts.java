package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorResponse;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Connects to a shard with or without TLS, and the other way when the server refuses that and both are allowed. */
final class ServerAttempts implements ServerConnector.Outcome {
    /** Opens a connection for a login. */
    interface Opener {
        /**
         * Exactly one call of the outcome follows.
         *
         * @return what logs in
         */
        ServerLogin open(ServerTls.Need need, ServerConnector.Outcome outcome);
    }

    private final Iterator<ServerTls.Need> needs;
    private final Opener opener;
    private final ServerConnector.Outcome outcome;
    private @Nullable ServerLogin login;
    private @Nullable ErrorResponse before;

    ServerAttempts(Iterable<ServerTls.Need> needs, Opener opener, ServerConnector.Outcome outcome) {
        this.needs = needs.iterator();
        this.opener = opener;
        this.outcome = outcome;
    }

    void next() {
        login = opener.open(needs.next(), this);
    }

    @Override
    public void onLoggedIn(ServerSession session) {
        outcome.onLoggedIn(session);
    }

    @Override
    public void onFailed(ErrorResponse cause) {
        ErrorResponse told = before == null ? cause : ServerErrors.refusedTwice(before, cause);
        if (login != null && login.isWorthAnotherWay() && needs.hasNext()) {
            before = cause;
            next();
        } else {
            outcome.onFailed(told);
        }
    }
}
