package io.pgring.it.support;

/** Servers that are others' under another view: what is done to them is done to those. */
public interface SameServers extends Servers {
    /** Whose they are. */
    Servers servers();

    @Override
    default void stop(int shard) throws Exception {
        servers().stop(shard);
    }

    @Override
    default void crash(int shard) throws Exception {
        servers().crash(shard);
    }

    @Override
    default void freeze(int shard) throws Exception {
        servers().freeze(shard);
    }

    @Override
    default void thaw(int shard) throws Exception {
        servers().thaw(shard);
    }

    @Override
    default void start(int shard) throws Exception {
        servers().start(shard);
    }
}
