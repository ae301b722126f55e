package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/** NoticeResponse (B): something is worth saying; it may come at any time. */
public record NoticeResponse(ErrorFields fields) implements BackendMessage {
    /** A WARNING. */
    public static NoticeResponse warning(String sqlState, String message) {
        return new NoticeResponse(ErrorFields.of("WARNING", sqlState, message));
    }

    /** A NOTICE, with SQLSTATE 00000. */
    public static NoticeResponse notice(String message) {
        return new NoticeResponse(ErrorFields.of("NOTICE", "00000", message));
    }

    /** Borrows the body. */
    public static NoticeResponse decode(ByteBuf body) {
        return new NoticeResponse(ErrorFields.decode(new BodyReader(body)));
    }

    @Override
    public void encode(ByteBuf out) {
        fields.encode(MessageWriter.begin(out, BackendType.NOTICE_RESPONSE));
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
    public NoticeResponse detail(String detail) {
        return with(ErrorFields.DETAIL, detail);
    }

    /** The same with a hint: a sentence or more. */
    public NoticeResponse hint(String hint) {
        return with(ErrorFields.HINT, hint);
    }

    /** The same with the place in the query string, counted in characters from 1. */
    public NoticeResponse position(int position) {
        return with(ErrorFields.POSITION, Integer.toString(position));
    }

    /** The same with the context in which it came up. */
    public NoticeResponse where(String where) {
        return with(ErrorFields.WHERE, where);
    }

    /** The same with one more field of {@link ErrorFields}, or another value in it. */
    public NoticeResponse with(byte code, String value) {
        return new NoticeResponse(fields.with(code, value));
    }
}
