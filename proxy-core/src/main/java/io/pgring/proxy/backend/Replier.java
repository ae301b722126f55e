package io.pgring.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.TransactionStatus;

/**
 * Receives the replies to one request on a server connection: everything up to and including one ReadyForQuery.
 *
 * <p>Most bytes are passed on unread. For each message the connection asks whether it belongs to the client; runs of
 * adjacent messages that do are then handed over in one piece.
 */
public interface Replier {

    /** Whether the body of a message matters: then it comes as a whole, to {@link #onReply(byte, ByteBuf)}. */
    static boolean isRead(byte type) {
        return switch (type) {
            case BackendType.READY_FOR_QUERY,
                    BackendType.COMMAND_COMPLETE,
                    BackendType.ERROR_RESPONSE,
                    BackendType.NOTICE_RESPONSE,
                    BackendType.PARAMETER_STATUS,
                    BackendType.NOTIFICATION_RESPONSE -> true;
            default -> false;
        };
    }

    /**
     * A message whose body nobody needs. Large ones are handed on before they are complete.
     *
     * @return whether its bytes are to be passed to {@link #onReplyBytes}
     */
    boolean onReply(byte type);

    /**
     * A message whose body matters: ErrorResponse, NoticeResponse, ParameterStatus, CommandComplete, NotificationResponse
     * or ReadyForQuery.
     *
     * @param body borrowed: the bytes after the length, as its readable bytes
     * @return whether its bytes are to be passed to {@link #onReplyBytes}
     */
    boolean onReply(byte type, ByteBuf body);

    /**
     * A run of bytes to pass on: whole messages, or a part of one.
     *
     * @param messages taken
     */
    void onReplyBytes(ByteBuf messages);

    /** Whether something of the proxy's own comes next, so that the run so far must be handed over first. */
    boolean interjects();

    /** The run so far has been handed over. Called after {@link #interjects()} has said yes. */
    void onInterjection();

    /** The request is over. All of its bytes have been handed over; the connection has already forgotten this replier. */
    void onReadyForQuery(TransactionStatus status);

    /** The connection is gone, with this request unanswered or half answered. */
    void onConnectionLost(ErrorResponse cause);

    /** The connection can take more bytes, or no longer can: see {@link ServerConnection#isWritable()}. */
    void onServerWritability();
}
