package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.ProtocolViolation;

/** A typed message from a frontend. */
public sealed interface FrontendMessage
        permits Bind,
                Close,
                CopyData,
                CopyDone,
                CopyFail,
                Describe,
                Execute,
                Flush,
                FunctionCall,
                Parse,
                PasswordMessage,
                Query,
                SASLInitialResponse,
                SASLResponse,
                Sync,
                Terminate {
    /**
     * Writes type, length and body. Borrows the buffer.
     *
     * @throws IllegalArgumentException if the message can't be carried by the protocol; the buffer is then as before
     */
    void encode(ByteBuf out);

    /**
     * Decodes a message of a session that is past authentication. Borrows the body.
     *
     * @throws ProtocolViolation if the type is unknown, or 'p', which has no meaning then; or if the body is malformed
     */
    static FrontendMessage decode(byte type, ByteBuf body) {
        return switch (type) {
            case FrontendType.BIND -> Bind.decode(body);
            case FrontendType.CLOSE -> Close.decode(body);
            case FrontendType.COPY_DATA -> CopyData.decode(body);
            case FrontendType.COPY_DONE -> CopyDone.decode(body);
            case FrontendType.COPY_FAIL -> CopyFail.decode(body);
            case FrontendType.DESCRIBE -> Describe.decode(body);
            case FrontendType.EXECUTE -> Execute.decode(body);
            case FrontendType.FLUSH -> Flush.decode(body);
            case FrontendType.FUNCTION_CALL -> FunctionCall.decode(body);
            case FrontendType.PARSE -> Parse.decode(body);
            case FrontendType.QUERY -> Query.decode(body);
            case FrontendType.SYNC -> Sync.decode(body);
            case FrontendType.TERMINATE -> Terminate.decode(body);
            default -> throw new ProtocolViolation("invalid frontend message type " + Byte.toUnsignedInt(type));
        };
    }
}
