package io.pgring.proxy.exchange;

/** What became of the wish for a server. */
enum Outcome {
    /** {@link Exchange#server()} is the one. */
    READY,
    /** The message is to be handed in again later. */
    LATER,
    /** The client has been told why not. */
    REFUSED
}
