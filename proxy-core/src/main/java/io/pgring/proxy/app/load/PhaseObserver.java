package io.pgring.proxy.app.load;

import java.util.function.LongSupplier;

/** Shows how far a load has come. */
public interface PhaseObserver {
    /**
     * A phase begins.
     *
     * @param name what is done, such as {@code writing}
     * @param total operations, or milliseconds of a phase that lasts a given time
     * @param done how many of them are done, at any time, from any thread
     * @return closed when the phase ends
     */
    Phase begin(String name, long total, LongSupplier done);

    /** A phase that is being shown. */
    interface Phase extends AutoCloseable {
        @Override
        void close();
    }
}
