package io.pgring.proxy.exchange;

/** What a client's session is doing, as far as limits of time are concerned. */
public enum Activity {
    /** Nothing, and the client has nothing of the servers'. */
    IDLE,
    /** Nothing, while a transaction is open or a server connection is kept for what the client has begun. */
    IDLE_IN_TRANSACTION,
    /** Servers work for it, or take its copy data. */
    ACTIVE,
    /** It waits for a server connection or for the control side, or its transaction is being ended: each has limits of its own. */
    WAITING
}
