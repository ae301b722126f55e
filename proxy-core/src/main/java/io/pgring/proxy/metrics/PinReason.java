package io.pgring.proxy.metrics;

/** What a client has left in the session of a server connection, so that it must keep that connection. */
public enum PinReason {
    /** Tables, views, sequences, types and functions in its temporary schema. */
    TEMPORARY_OBJECTS("temporaryObjects", 1),
    /** Session-level advisory locks. */
    ADVISORY_LOCKS("advisoryLocks", 2),
    /** Cursors WITH HOLD. */
    HELD_CURSORS("heldCursors", 4),
    /** LOAD of a library. */
    LIBRARIES("libraries", 0),
    /** Variables that a function may have set by SQL which is not in its source. */
    SETTINGS("settings", 0),
    /** A function that leaves state of which nothing can be seen. */
    FUNCTIONS("functions", 0);

    private final String word;
    private final int bit;

    PinReason(String word, int bit) {
        this.word = word;
        this.bit = bit;
    }

    /** The name in reports. */
    public String word() {
        return word;
    }

    /** Whether DISCARD ALL takes it away; if not, it is there until the session ends. */
    public boolean isDiscarded() {
        return isVisible() || this == SETTINGS;
    }

    /** Whether the server can tell if there is any left. */
    public boolean isVisible() {
        return bit != 0;
    }

    /** Its bit in a set of those that the server can see; 0 for the others. */
    public int bit() {
        return bit;
    }
}
