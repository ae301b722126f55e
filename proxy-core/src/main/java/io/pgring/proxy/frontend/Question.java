package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.backend.ServerSecret;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a client is asked for its password (manual, "Start-up"): a request, an answer, and perhaps more of both. */
interface Question {

    /** Encodes what is asked first. */
    void ask(ByteBuf out);

    /**
     * Takes an answer.
     *
     * @param body borrowed: of the client's message
     * @param out for what is asked next, or told at the end
     * @return null when another answer is awaited
     */
    @Nullable
    CompletableFuture<Verdict> onAnswer(ByteBuf body, ByteBuf out);

    /**
     * Whether the client has proved to know the password.
     *
     * @param right it has
     * @param secret what the proxy can prove to servers by that
     */
    record Verdict(boolean right, ServerSecret secret) {
        static final Verdict WRONG = new Verdict(false, new ServerSecret.None());
    }
}
