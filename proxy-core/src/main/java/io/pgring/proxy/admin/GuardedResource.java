package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.CompletableFuture;

/** A resource that is not for everybody. */
final class GuardedResource implements Resource {
    private final KeyValueAccess access;
    private final Resource guarded;

    GuardedResource(KeyValueAccess access, Resource guarded) {
        this.access = access;
        this.guarded = guarded;
    }

    @Override
    public HttpMethod method() {
        return guarded.method();
    }

    @Override
    public String summary() {
        return guarded.summary();
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        return access.refusal(request, caller)
                .thenCompose(refusal -> refusal.isPresent()
                        ? CompletableFuture.completedFuture(refusal.get())
                        : guarded.answer(request, caller));
    }
}
