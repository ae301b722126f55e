package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for a server connection. Exactly one of the two is called, once, unless the wait is given up. */
public interface Waiter {

    /** Here is one, lent until {@link ShardPool#release}. */
    void onServerConnection(ServerConnection connection);

    /** There is none, and why. */
    void onNoServerConnection(ErrorResponse cause);

    /** What the client has who waits; null when he has nothing yet. */
    @Nullable
    Holdings holdings();
}
