package io.pgring.pgwire.framing;

import io.pgring.pgwire.ProtocolViolation;

/** How long the body of a message of each type may be; knows thereby which types there are. */
public interface MessageLimits {
    /** For what a frontend sends; the same limits as in PostgreSQL (postgres.c, SocketBackend; pqcomm.h). */
    MessageLimits FRONTEND = FrontendLimits::bodyBytesMax;

    /** For what a backend sends; wide where rows and texts travel, narrow elsewhere (compare libpq's fe-protocol3.c). */
    MessageLimits BACKEND = BackendLimits::bodyBytesMax;

    /**
     * The most bytes that may follow the length field.
     *
     * @throws ProtocolViolation for a type that does not exist
     */
    int bodyBytesMax(byte type);
}
