package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/** {@code GET /health/ready}: 200 when the proxy takes clients and a shard is up, 503 otherwise. */
final class ReadyResource implements Resource {
    private final ProxyStatus status;
    private final IntSupplier clientsMax;

    /**
     * The body.
     *
     * @param status ready, full, stopping, or down when no shard is up
     */
    record Readiness(String status, List<ShardState> shards) {}

    /** @param clientsMax above which no client is let in */
    ReadyResource(ProxyStatus status, IntSupplier clientsMax) {
        this.status = status;
        this.clientsMax = clientsMax;
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String summary() {
        return "200 when clients are served, else 503; with the state of each shard";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        List<ShardState> shards = status.shardStates();
        String word = "ready";
        if (status.isStopping()) {
            word = "stopping";
        } else if (shards.stream().noneMatch(ShardState::isUp)) {
            word = "down";
        } else if (status.clients().connected() >= clientsMax.getAsInt()) {
            word = "full";
        }
        HttpResponseStatus code = word.equals("ready") ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
        return CompletableFuture.completedFuture(Answer.of(code, new Readiness(word, shards)));
    }
}
