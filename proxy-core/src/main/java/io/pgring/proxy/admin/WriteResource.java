package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code POST /write}: stores a value under a key, in place of the one that is there. */
final class WriteResource implements Resource {
    private final ProxyStatus status;

    /** The body of success. */
    record Written(String message, @Nullable String shard) {}

    WriteResource(ProxyStatus status) {
        this.status = status;
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.POST;
    }

    @Override
    public String summary() {
        return "stores {\"key\":...,\"value\":...}";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        KeyValueTable table = KeyValueTable.required(status.topology().catalog());
        WriteRequest write = WriteRequest.of(request);
        byte[] key = KeyText.encode("key", write.key());
        byte[] value = write.value() == null ? null : KeyText.encode("value", write.value());
        return caller.session().run(table.write(), key, value).thenApply(WriteResource::answer);
    }

    private static Answer answer(KeyValueReply reply) {
        if (reply instanceof KeyValueReply.Failed failed) {
            return KeyValueErrors.answer(failed);
        }
        return Answer.ok(new Written("Write successful", reply.shard()));
    }
}
