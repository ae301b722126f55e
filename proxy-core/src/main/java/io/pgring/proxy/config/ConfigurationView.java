package io.pgring.proxy.config;

/** The configuration that is in force: a file that has changed may be read again at any time. For any thread. */
public final class ConfigurationView {
    private volatile Configuration current;

    /** @param first in force from the start */
    public ConfigurationView(Configuration first) {
        this.current = first;
    }

    /** All of it, at this moment. */
    public Configuration get() {
        return current;
    }

    /** Bounds on what clients may ask for. */
    public Limits limits() {
        return current.limits();
    }

    /** How long things may take. */
    public Timeouts timeouts() {
        return current.limits().timeouts();
    }

    /** The connections to each shard. */
    public PoolConfiguration pool() {
        return current.pool();
    }

    /** From now on this is in force. */
    public void set(Configuration next) {
        current = next;
    }
}
