package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Finds the resource of a path. Immutable. */
final class Router {
    private final Map<String, Resource> resources;

    /** @param resources by path, in the order in which they are shown */
    Router(Map<String, Resource> resources) {
        this.resources = new LinkedHashMap<>(resources);
    }

    /** As {@link Resource#answer}; 404 and 405 are answered here. */
    CompletableFuture<Answer> answer(Request request, Caller caller) {
        Resource resource = resources.get(request.path());
        if (resource == null) {
            String hint = "There are " + String.join(", ", resources.keySet()) + ".";
            return CompletableFuture.completedFuture(
                    Answer.problem(HttpResponseStatus.NOT_FOUND, "nothing is found at this path", hint));
        }
        HttpMethod method = resource.method();
        boolean reads = method.equals(HttpMethod.GET);
        if (request.method().equals(method) || (reads && request.method().equals(HttpMethod.HEAD))) {
            return resource.answer(request, caller);
        }
        String hint = "Send " + method + " " + request.path() + ".";
        return CompletableFuture.completedFuture(Answer.problem(
                        HttpResponseStatus.METHOD_NOT_ALLOWED,
                        "method " + request.method() + " is not allowed here",
                        hint)
                .with(HttpHeaderNames.ALLOW.toString(), reads ? "GET, HEAD" : method.name()));
    }
}
