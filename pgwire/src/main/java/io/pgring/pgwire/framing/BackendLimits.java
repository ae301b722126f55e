package io.pgring.pgwire.framing;

import static io.pgring.pgwire.BackendType.AUTHENTICATION;
import static io.pgring.pgwire.BackendType.BACKEND_KEY_DATA;
import static io.pgring.pgwire.BackendType.BIND_COMPLETE;
import static io.pgring.pgwire.BackendType.CLOSE_COMPLETE;
import static io.pgring.pgwire.BackendType.COMMAND_COMPLETE;
import static io.pgring.pgwire.BackendType.COPY_BOTH_RESPONSE;
import static io.pgring.pgwire.BackendType.COPY_DATA;
import static io.pgring.pgwire.BackendType.COPY_DONE;
import static io.pgring.pgwire.BackendType.COPY_IN_RESPONSE;
import static io.pgring.pgwire.BackendType.COPY_OUT_RESPONSE;
import static io.pgring.pgwire.BackendType.DATA_ROW;
import static io.pgring.pgwire.BackendType.EMPTY_QUERY_RESPONSE;
import static io.pgring.pgwire.BackendType.ERROR_RESPONSE;
import static io.pgring.pgwire.BackendType.FUNCTION_CALL_RESPONSE;
import static io.pgring.pgwire.BackendType.NEGOTIATE_PROTOCOL_VERSION;
import static io.pgring.pgwire.BackendType.NOTICE_RESPONSE;
import static io.pgring.pgwire.BackendType.NOTIFICATION_RESPONSE;
import static io.pgring.pgwire.BackendType.NO_DATA;
import static io.pgring.pgwire.BackendType.PARAMETER_DESCRIPTION;
import static io.pgring.pgwire.BackendType.PARAMETER_STATUS;
import static io.pgring.pgwire.BackendType.PARSE_COMPLETE;
import static io.pgring.pgwire.BackendType.PORTAL_SUSPENDED;
import static io.pgring.pgwire.BackendType.READY_FOR_QUERY;
import static io.pgring.pgwire.BackendType.ROW_DESCRIPTION;

import io.pgring.pgwire.ProtocolViolation;

/** Our limits for what a server sends. The wide ones are never buffered whole; the others are, so they are kept narrow. */
final class BackendLimits {
    /** The length field of a message that carries rows or texts: 1 GiB - 1, as much as a server can build. */
    static final int LARGE_BODY_BYTES_MAX = 0x3fffffff - 4;
    /** libpq takes a longer message of these types as a sign that the stream is out of step. */
    static final int SMALL_BODY_BYTES_MAX = 30_000 - 4;

    static final int AUTHENTICATION_BODY_BYTES_MAX = 65_535 - 4;
    /** A count and 65,535 object identifiers. */
    static final int PARAMETER_DESCRIPTION_BODY_BYTES_MAX = 2 + 65_535 * 4;
    /** A name and a value; search_path is the longest in practice. */
    static final int PARAMETER_STATUS_BODY_BYTES_MAX = 1 << 20;

    private BackendLimits() {}

    static int bodyBytesMax(byte type) {
        return switch (type) {
            case DATA_ROW,
                    COPY_DATA,
                    ROW_DESCRIPTION,
                    ERROR_RESPONSE,
                    NOTICE_RESPONSE,
                    NOTIFICATION_RESPONSE,
                    FUNCTION_CALL_RESPONSE -> LARGE_BODY_BYTES_MAX;
            case PARAMETER_DESCRIPTION -> PARAMETER_DESCRIPTION_BODY_BYTES_MAX;
            case PARAMETER_STATUS -> PARAMETER_STATUS_BODY_BYTES_MAX;
            case AUTHENTICATION, NEGOTIATE_PROTOCOL_VERSION -> AUTHENTICATION_BODY_BYTES_MAX;
            case BACKEND_KEY_DATA,
                    BIND_COMPLETE,
                    CLOSE_COMPLETE,
                    COMMAND_COMPLETE,
                    COPY_BOTH_RESPONSE,
                    COPY_DONE,
                    COPY_IN_RESPONSE,
                    COPY_OUT_RESPONSE,
                    EMPTY_QUERY_RESPONSE,
                    NO_DATA,
                    PARSE_COMPLETE,
                    PORTAL_SUSPENDED,
                    READY_FOR_QUERY -> SMALL_BODY_BYTES_MAX;
            default -> throw new ProtocolViolation("invalid backend message type " + Byte.toUnsignedInt(type));
        };
    }
}
