package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** {@code POST /reload}: reads the configuration file again. For programs on this machine alone. */
final class ReloadResource implements Resource {
    private final Supplier<ReloadReport> reload;
    private final Executor blocking;

    /** The body of success. */
    record Reloaded(List<String> applied, List<String> restart) {}

    /** @param reload may block */
    ReloadResource(Supplier<ReloadReport> reload, Executor blocking) {
        this.reload = reload;
        this.blocking = blocking;
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.POST;
    }

    @Override
    public String summary() {
        return "reads the configuration file again; from this machine alone";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        if (!caller.isLocal()) {
            return CompletableFuture.completedFuture(Answer.problem(
                    HttpResponseStatus.FORBIDDEN,
                    "only programs on the proxy's own machine may do this",
                    "Send it from there, or send SIGHUP to the proxy."));
        }
        try {
            return CompletableFuture.supplyAsync(() -> answer(reload.get()), blocking);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(
                    Answer.problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "the proxy is shutting down", null));
        }
    }

    private static Answer answer(ReloadReport report) {
        return report.error() == null
                ? Answer.ok(new Reloaded(report.applied(), report.restart()))
                : Answer.problem(HttpResponseStatus.UNPROCESSABLE_ENTITY, report.error(), report.hint());
    }
}
