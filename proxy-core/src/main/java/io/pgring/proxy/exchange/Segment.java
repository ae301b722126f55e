package io.pgring.proxy.exchange;

/** What is known of the work on a server between two of its ReadyForQuery. */
final class Segment {
    private boolean open;
    private boolean bound;
    private boolean executed;
    private boolean controlled;
    private boolean configured;
    private boolean written;
    private boolean writtenElsewhere;
    private boolean failed;
    private boolean committed;
    private boolean mayCommit;
    private boolean notified;
    private long startNanos;

    /** The server is asked something that its next ReadyForQuery answers. */
    void open() {
        open = true;
        bound = false;
        executed = false;
        controlled = false;
        configured = false;
        written = false;
        writtenElsewhere = false;
        failed = false;
        committed = false;
        mayCommit = false;
        notified = false;
        startNanos = System.nanoTime();
    }

    /**
     * ReadyForQuery has come.
     *
     * @return how long it took, in nanoseconds
     */
    long close() {
        open = false;
        bound = false;
        executed = false;
        controlled = false;
        configured = false;
        return System.nanoTime() - startNanos;
    }

    /** Whether the server owes a ReadyForQuery, or will when it is sent a Sync. */
    boolean isOpen() {
        return open;
    }

    /** The server is asked to make a portal, which ends with the segment unless it is in a transaction. */
    void onBind() {
        bound = true;
    }

    boolean hasBound() {
        return bound;
    }

    /** The server is asked to run something, which an error later in the segment must undo. */
    void onExecute() {
        executed = true;
    }

    boolean hasExecuted() {
        return executed;
    }

    /** Whether it has portals, or has run something, that a ReadyForQuery would end. */
    boolean hasWork() {
        return bound || executed;
    }

    /**
     * The server is asked to run a statement about the session or the transaction.
     *
     * @param ends whether it ends the transaction; another one has an effect that further servers would have to be told of
     */
    void onControl(boolean ends) {
        executed = true;
        controlled = true;
        configured |= !ends;
    }

    /** Whether it was asked for something about the session or the transaction that further servers don't know. */
    boolean isConfigured() {
        return configured;
    }

    boolean mayHaveEnded() {
        return controlled;
    }

    /** Outside of a transaction the server is asked to change rows. */
    void onWrite(boolean home) {
        written = true;
        writtenElsewhere |= !home;
    }

    boolean hasWritten() {
        return written;
    }

    boolean hasWrittenElsewhere() {
        return writtenElsewhere;
    }

    /** Outside of a transaction the server is asked to notify. */
    void onNotify() {
        notified = true;
    }

    boolean hasNotified() {
        return notified;
    }

    /** The server is asked for something that lasts when it has done it, whether or not it can say so. */
    void onMayCommit() {
        mayCommit = true;
    }

    boolean mayHaveCommitted() {
        return mayCommit;
    }

    /** The server has reported an error. */
    void onError() {
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    /** The server has said COMMIT. */
    void onCommit() {
        committed = true;
    }

    boolean hasCommitted() {
        return committed;
    }
}
