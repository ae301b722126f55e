package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** ErrorResponse (B): something failed. */
public record ErrorResponse(ErrorFields fields) implements BackendMessage {
    /** An ERROR: the statement or the transaction fails, the session goes on. */
    public static ErrorResponse error(String sqlState, String message) {
        return new ErrorResponse(ErrorFields.of("ERROR", sqlState, message));
    }

    /** A FATAL error: the session ends. */
    public static ErrorResponse fatal(String sqlState, String message) {
        return new ErrorResponse(ErrorFields.of("FATAL", sqlState, message));
    }

    /** The answer to a violation: FATAL or ERROR, as it says. */
    public static ErrorResponse of(ProtocolViolation violation) {
        return violation.fatal()
                ? fatal(violation.sqlState(), violation.getMessage())
                : error(violation.sqlState(), violation.getMessage());
    }

    /** Borrows the body. */
    public static ErrorResponse decode(ByteBuf body) {
        return new ErrorResponse(ErrorFields.decode(new BodyReader(body)));
    }

    @Override
    public void encode(ByteBuf out) {
        fields.encode(MessageWriter.begin(out, BackendType.ERROR_RESPONSE));
    }

    /** The five characters of the SQLSTATE; XX000 when the server sent none. */
    public String sqlState() {
        return fields.sqlState();
    }

    /** The primary message; empty when the server sent none. */
    public String message() {
        return fields.message();
    }

    /** The same with a detail: a sentence or more. */
    public ErrorResponse detail(String detail) {
        return with(ErrorFields.DETAIL, detail);
    }

    /** The same with a hint: a sentence or more. */
    public ErrorResponse hint(String hint) {
        return with(ErrorFields.HINT, hint);
    }

    /** The same with the place in the query string, counted in characters from 1. */
    public ErrorResponse position(int position) {
        return with(ErrorFields.POSITION, Integer.toString(position));
    }

    /** The same with the context in which it came up. */
    public ErrorResponse where(String where) {
        return with(ErrorFields.WHERE, where);
    }

    /** The same with one more field of {@link ErrorFields}, or another value in it. */
    public ErrorResponse with(byte code, String value) {
        return new ErrorResponse(fields.with(code, value));
    }
}
