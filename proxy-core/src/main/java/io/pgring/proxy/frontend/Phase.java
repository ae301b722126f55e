package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/** What a client's session is doing: it decides what the next bytes mean. */
interface Phase {

    /**
     * Reads as much as can be used now, leaving the rest for later.
     *
     * @param in borrowed: its readerIndex is moved past what was consumed
     */
    void read(ByteBuf in);

    /** Whether bytes that are there can't be used before {@link ClientConnection#onResume()}: the socket is then not read further. */
    boolean isPaused();

    /** The client's socket takes bytes again, or no longer does. */
    default void onWritability() {}

    /** The client has asked, on another connection, to cancel what it is doing. */
    default void cancel() {}

    /**
     * The proxy is going down.
     *
     * @param refusal what those are told who are not logged in yet
     * @return what the client is to be told now, as its last words; null when it is to be heard first
     */
    default @Nullable ErrorResponse onDrain(ErrorResponse refusal) {
        return refusal;
    }

    /** The socket is closed. */
    default void onClosed() {}
}
