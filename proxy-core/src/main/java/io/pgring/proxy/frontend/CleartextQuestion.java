package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.AuthenticationCleartextPassword;
import io.pgring.pgwire.frontend.PasswordMessage;
import io.pgring.proxy.backend.ServerSecret;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The password itself is asked for. */
final class CleartextQuestion implements Question {
    private final Function<String, CompletableFuture<Boolean>> check;

    /** @param check whether a password is the right one */
    CleartextQuestion(Function<String, CompletableFuture<Boolean>> check) {
        this.check = check;
    }

    @Override
    public void ask(ByteBuf out) {
        new AuthenticationCleartextPassword().encode(out);
    }

    @Override
    public CompletableFuture<Verdict> onAnswer(ByteBuf body, ByteBuf out) {
        String password = PasswordMessage.decode(body).text();
        if (password.isEmpty()) {
            throw new ProtocolViolation("28P01", "empty password returned by client");
        }
        return check.apply(password)
                .thenApply(right -> right ? new Verdict(true, new ServerSecret.Password(password)) : Verdict.WRONG);
    }
}
