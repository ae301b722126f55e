package io.pgring.proxy.loop;

/** Something with bytes waiting to be written to its socket. */
public interface Flushable {

    /** Writes and flushes what has been gathered. Called once, on the event loop, after {@link FlushQueue#add}. */
    void flushGathered();
}
