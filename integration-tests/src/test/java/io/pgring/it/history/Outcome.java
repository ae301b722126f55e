package io.pgring.it.history;

/** What a client was told of a write. */
enum Outcome {
    /** It has been made. */
    COMMITTED,
    /** It has not been made, and will not be. */
    FAILED,
    /** Nothing: its session was lost first. It may be made later still. */
    UNKNOWN
}
