package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;

/** A message from a backend. */
public sealed interface BackendMessage
        permits Authentication,
                BackendKeyData,
                BindComplete,
                CloseComplete,
                CommandComplete,
                CopyBothResponse,
                CopyData,
                CopyDone,
                CopyInResponse,
                CopyOutResponse,
                DataRow,
                EmptyQueryResponse,
                ErrorResponse,
                FunctionCallResponse,
                NegotiateProtocolVersion,
                NoData,
                NoticeResponse,
                NotificationResponse,
                ParameterDescription,
                ParameterStatus,
                ParseComplete,
                PortalSuspended,
                ReadyForQuery,
                RowDescription {
    /**
     * Writes type, length and body. Borrows the buffer.
     *
     * @throws IllegalArgumentException if the message can't be carried by the protocol; the buffer is then as before
     */
    void encode(ByteBuf out);

    /**
     * Decodes a message of any type. Borrows the body.
     *
     * @throws ProtocolViolation if the type is unknown or the body is malformed
     */
    static BackendMessage decode(byte type, ByteBuf body) {
        return switch (type) {
            case BackendType.AUTHENTICATION -> Authentication.decode(body);
            case BackendType.BACKEND_KEY_DATA -> BackendKeyData.decode(body);
            case BackendType.BIND_COMPLETE -> BindComplete.decode(body);
            case BackendType.CLOSE_COMPLETE -> CloseComplete.decode(body);
            case BackendType.COMMAND_COMPLETE -> CommandComplete.decode(body);
            case BackendType.COPY_BOTH_RESPONSE -> CopyBothResponse.decode(body);
            case BackendType.COPY_DATA -> CopyData.decode(body);
            case BackendType.COPY_DONE -> CopyDone.decode(body);
            case BackendType.COPY_IN_RESPONSE -> CopyInResponse.decode(body);
            case BackendType.COPY_OUT_RESPONSE -> CopyOutResponse.decode(body);
            case BackendType.DATA_ROW -> DataRow.decode(body);
            case BackendType.EMPTY_QUERY_RESPONSE -> EmptyQueryResponse.decode(body);
            case BackendType.ERROR_RESPONSE -> ErrorResponse.decode(body);
            case BackendType.FUNCTION_CALL_RESPONSE -> FunctionCallResponse.decode(body);
            case BackendType.NEGOTIATE_PROTOCOL_VERSION -> NegotiateProtocolVersion.decode(body);
            case BackendType.NO_DATA -> NoData.decode(body);
            case BackendType.NOTICE_RESPONSE -> NoticeResponse.decode(body);
            case BackendType.NOTIFICATION_RESPONSE -> NotificationResponse.decode(body);
            case BackendType.PARAMETER_DESCRIPTION -> ParameterDescription.decode(body);
            case BackendType.PARAMETER_STATUS -> ParameterStatus.decode(body);
            case BackendType.PARSE_COMPLETE -> ParseComplete.decode(body);
            case BackendType.PORTAL_SUSPENDED -> PortalSuspended.decode(body);
            case BackendType.READY_FOR_QUERY -> ReadyForQuery.decode(body);
            case BackendType.ROW_DESCRIPTION -> RowDescription.decode(body);
            default -> throw new ProtocolViolation("invalid backend message type " + Byte.toUnsignedInt(type));
        };
    }
}
