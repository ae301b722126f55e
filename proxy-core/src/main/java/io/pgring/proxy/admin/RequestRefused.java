package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** A request that breaks the rules of its resource, with the answer that says so. */
final class RequestRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    RequestRefused(Answer answer) {
        super(answer.status().toString(), null, false, false);
        this.answer = answer;
    }

    static RequestRefused badRequest(String error, @Nullable String hint) {
        return new RequestRefused(Answer.problem(HttpResponseStatus.BAD_REQUEST, error, hint));
    }

    Answer answer() {
        return answer;
    }
}
