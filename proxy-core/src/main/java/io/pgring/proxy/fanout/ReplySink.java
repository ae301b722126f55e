package io.pgring.proxy.fanout;

import io.netty.buffer.ByteBuf;

/** Where the one reply goes. */
public interface ReplySink {
    /**
     * Whole messages.
     *
     * @param messages taken
     */
    void write(ByteBuf messages);

    /** Whether the client takes more; if not, {@link FanOut#onClientWritability} is to be called when it does again. */
    boolean isWritable();
}
