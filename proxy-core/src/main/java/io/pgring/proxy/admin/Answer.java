package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the HTTP port gets.
 *
 * @param body a {@link Text}, or what is turned into JSON: a {@link Problem} unless the status is a success
 * @param headers besides those that every answer has
 * @param closes whether the connection ends with this answer
 */
record Answer(HttpResponseStatus status, Object body, Map<String, String> headers, boolean closes) {
    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer ok(Object body) {
        return of(HttpResponseStatus.OK, body);
    }

    static Answer of(HttpResponseStatus status, Object body) {
        return new Answer(status, body, Map.of(), false);
    }

    static Answer problem(HttpResponseStatus status, String error, @Nullable String hint) {
        return of(status, Problem.of(error, hint));
    }

    Answer with(String header, String value) {
        return new Answer(status, body, Map.of(header, value), closes);
    }

    /** The same, as the last answer on the connection. */
    Answer closing() {
        return new Answer(status, body, headers, true);
    }
}
