package io.pgring.proxy.exchange;

/** Reads the definitions of tables anew. */
@FunctionalInterface
public interface TableRefresh {
    /** Calls back, on the event loop, when what is known of the tables is what is so. */
    void tables(Runnable then);
}
