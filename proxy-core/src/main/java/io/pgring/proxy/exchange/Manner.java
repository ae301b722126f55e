package io.pgring.proxy.exchange;

/** How a statement on several shards runs. */
enum Manner {
    /** It only reads, and is no part of the client's transaction. */
    ASIDE,
    /** It has a transaction of its own. */
    ALONE,
    /** It is a part of the client's transaction. */
    WITHIN
}
