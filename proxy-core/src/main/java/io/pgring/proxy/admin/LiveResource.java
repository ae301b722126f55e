package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code GET /health/live}: the process is alive and its event loop turns. */
final class LiveResource implements Resource {

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String summary() {
        return "200 as long as the proxy runs";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        return CompletableFuture.completedFuture(Answer.ok(Map.of("status", "up")));
    }
}
