package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/** Where the replies of an exchange go: a client's socket, or a caller inside the proxy. Belongs to one event loop. */
public interface ClientSink {

    /**
     * Whole messages, or parts of one in order.
     *
     * @param messages taken
     */
    void write(ByteBuf messages);

    /** A buffer to encode small messages into; they keep their place among the others. */
    ByteBuf gather();

    /** Whether the client takes more. If not, {@link Exchange#onClientWritability()} is to be called when it does again. */
    boolean isWritable();

    /** The exchange takes messages again after it had not. */
    void onResume();

    /**
     * The session can't go on: the client is disconnected.
     *
     * @param error what it is told first; null when it has been told
     */
    void onFatal(@Nullable ErrorResponse error);
}
