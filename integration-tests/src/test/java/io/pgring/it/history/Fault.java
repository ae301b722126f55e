package io.pgring.it.history;

/** What happens while a mover stands at a point. */
enum Fault {
    /** Nothing: it goes on. */
    NONE,
    /** SIGKILL of the mover. */
    MOVER_KILLED,
    /** SIGSTOP of the mover until another has taken over; then it wakes up in the midst of what it did. */
    MOVER_FROZEN,
    /** SIGSTOP of the mover for a moment. */
    MOVER_NAPS,
    /** SIGKILL of another proxy. */
    OTHER_KILLED,
    /** SIGSTOP of another proxy until the moves are over without it. */
    OTHER_FROZEN,
    /** SIGSTOP of another proxy for a moment. */
    OTHER_NAPS,
    /** The shard that gives rows crashes. */
    SOURCE_CRASHED,
    /** The shard that gets rows crashes. */
    TARGET_CRASHED,
    /** The shard with the catalog crashes. */
    HOME_CRASHED,
    /** SIGSTOP of the shard that gives rows, the one that gets them or the one with the catalog, for a moment. */
    SHARD_NAPS
}
