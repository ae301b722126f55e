package io.pgring.proxy.topology;

import java.util.Locale;

/** How a shard belongs to the ring. */
public enum Membership {
    /** It gets everything that all shards get, and owns nothing yet. */
    JOINING,
    /** It owns arcs, or may at any time. */
    MEMBER,
    /** Its arcs go to others. */
    LEAVING,
    /** Nothing is sent to it. */
    GONE;

    /** As {@code pgring.shards.state} has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Membership of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
