package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code GET /read?key=}: the value that is stored under a key. */
final class ReadResource implements Resource {
    private final ProxyStatus status;

    /** The body of success. */
    record Found(
            String key, @Nullable String value, @Nullable String shard) {}

    ReadResource(ProxyStatus status) {
        this.status = status;
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String summary() {
        return "the value of ?key=...";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        KeyValueTable table = KeyValueTable.required(status.topology().catalog());
        String key = QueryString.required(request.query(), "key", "Ask for /read?key=user_1.");
        byte[] bytes = KeyText.encode("key", key);
        return caller.session().run(table.read(), bytes).thenApply(reply -> answer(key, reply));
    }

    private static Answer answer(String key, KeyValueReply reply) {
        if (reply instanceof KeyValueReply.Row row) {
            return Answer.ok(new Found(key, row.value(), row.shard()));
        }
        if (reply instanceof KeyValueReply.Failed failed) {
            return KeyValueErrors.answer(failed);
        }
        return Answer.of(HttpResponseStatus.NOT_FOUND, new Problem("key not found", null, null, reply.shard(), null));
    }
}
