package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code GET /}: what else there is. */
final class IndexResource implements Resource {
    private final Index index;

    /** The body. */
    record Index(String name, String version, Map<String, String> resources) {}

    /** @param resources by path */
    IndexResource(String version, Map<String, Resource> resources) {
        Map<String, String> summaries = new LinkedHashMap<>();
        resources.forEach((path, resource) -> summaries.put(resource.method() + " " + path, resource.summary()));
        this.index = new Index("PgRing", version, summaries);
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String summary() {
        return "this list";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        return CompletableFuture.completedFuture(Answer.ok(index));
    }
}
