package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Which HTTP status says what an SQLSTATE says (manual, "PostgreSQL Error Codes"). */
final class KeyValueErrors {
    private static final int CLASS_LENGTH = 2;

    private KeyValueErrors() {}

    static Answer answer(KeyValueReply.Failed failed) {
        return Answer.of(status(failed.error().sqlState()), Problem.of(failed.error(), failed.shard()));
    }

    static HttpResponseStatus status(String sqlState) {
        if (sqlState.equals("57014")) {
            return HttpResponseStatus.GATEWAY_TIMEOUT;
        }
        if (sqlState.equals("25006")) {
            return HttpResponseStatus.SERVICE_UNAVAILABLE;
        }
        return switch (sqlState.length() < CLASS_LENGTH ? "" : sqlState.substring(0, CLASS_LENGTH)) {
            // Connection exception, transaction rollback, insufficient resources, operator intervention.
            case "08", "40", "53", "57" -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            // Not supported (a key that can't be hashed), data exception, integrity constraint, program limit.
            case "0A", "22", "23", "54" -> HttpResponseStatus.BAD_REQUEST;
            default -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
