package io.pgring.pgwire.framing;

import static io.pgring.pgwire.FrontendType.BIND;
import static io.pgring.pgwire.FrontendType.CLOSE;
import static io.pgring.pgwire.FrontendType.COPY_DATA;
import static io.pgring.pgwire.FrontendType.COPY_DONE;
import static io.pgring.pgwire.FrontendType.COPY_FAIL;
import static io.pgring.pgwire.FrontendType.DESCRIBE;
import static io.pgring.pgwire.FrontendType.EXECUTE;
import static io.pgring.pgwire.FrontendType.FLUSH;
import static io.pgring.pgwire.FrontendType.FUNCTION_CALL;
import static io.pgring.pgwire.FrontendType.PARSE;
import static io.pgring.pgwire.FrontendType.PASSWORD_MESSAGE;
import static io.pgring.pgwire.FrontendType.QUERY;
import static io.pgring.pgwire.FrontendType.SYNC;
import static io.pgring.pgwire.FrontendType.TERMINATE;

import io.pgring.pgwire.ProtocolViolation;

/**
 * PostgreSQL's limits for what a client sends. PostgreSQL limits the length field, which counts its own four bytes, so a body
 * may have four bytes less. Exactness matters: what we let through and the server then refuses would cost us the server
 * connection.
 */
final class FrontendLimits {
    private static final int LENGTH_FIELD_BYTES = 4;
    /** PQ_LARGE_MESSAGE_LIMIT: MaxAllocSize - 1, where MaxAllocSize is 1 GiB - 1. */
    static final int LARGE_BODY_BYTES_MAX = 0x3fffffff - 1 - LENGTH_FIELD_BYTES;
    /** PQ_SMALL_MESSAGE_LIMIT. */
    static final int SMALL_BODY_BYTES_MAX = 10_000 - LENGTH_FIELD_BYTES;
    /** PG_MAX_AUTH_TOKEN_LENGTH: tokens of cloud providers are long. */
    static final int AUTHENTICATION_BODY_BYTES_MAX = 65_535 - LENGTH_FIELD_BYTES;

    private FrontendLimits() {}

    static int bodyBytesMax(byte type) {
        return switch (type) {
            case BIND, PARSE, QUERY, FUNCTION_CALL, COPY_DATA -> LARGE_BODY_BYTES_MAX;
            case CLOSE, DESCRIBE, EXECUTE, FLUSH, SYNC, TERMINATE, COPY_DONE, COPY_FAIL -> SMALL_BODY_BYTES_MAX;
            case PASSWORD_MESSAGE -> AUTHENTICATION_BODY_BYTES_MAX;
            default -> throw new ProtocolViolation("invalid frontend message type " + Byte.toUnsignedInt(type));
        };
    }
}
