package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.CompletableFuture;

/** What is found at one path. Shared by all connections of all event loops. */
interface Resource {

    /** The method it has; GET stands for HEAD as well. */
    HttpMethod method();

    /** What it is good for, in a few words. */
    String summary();

    /**
     * Answers on the caller's event loop, which it never blocks. The answer may come on any thread.
     *
     * @throws RequestRefused when the request is not as it must be; the future may fail with it as well
     */
    CompletableFuture<Answer> answer(Request request, Caller caller);
}
