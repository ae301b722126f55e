package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.auth.ChannelBinding;
import io.pgring.pgwire.auth.ScramServer;
import io.pgring.pgwire.auth.ScramVerifier;
import io.pgring.pgwire.auth.Secret;
import io.pgring.pgwire.backend.AuthenticationSASL;
import io.pgring.pgwire.backend.AuthenticationSASLContinue;
import io.pgring.pgwire.backend.AuthenticationSASLFinal;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.pgwire.frontend.SASLResponse;
import io.pgring.proxy.backend.ServerSecret;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** SCRAM-SHA-256, bound to the channel where the client can do that (manual, "SASL Authentication"). */
final class ScramQuestion implements Question {
    private final ScramVerifier verifier;
    private final @Nullable Secret secret;
    private final List<String> mechanisms;
    private ScramServer exchange;

    /**
     * @param verifier of the user's password, or one that no password fits
     * @param secret what is kept of the user
     * @param binding of the connection; null when the client can't be offered any
     */
    ScramQuestion(ScramVerifier verifier, @Nullable Secret secret, @Nullable ChannelBinding binding) {
        ScramServer.AwaitingClientFirst first = ScramServer.start(verifier, binding);
        this.verifier = verifier;
        this.secret = secret;
        this.mechanisms = first.mechanisms();
        this.exchange = first;
    }

    @Override
    public void ask(ByteBuf out) {
        new AuthenticationSASL(mechanisms).encode(out);
    }

    @Override
    public @Nullable CompletableFuture<Verdict> onAnswer(ByteBuf body, ByteBuf out) {
        if (exchange instanceof ScramServer.AwaitingClientFirst first) {
            onInitialResponse(first, SASLInitialResponse.decode(body), out);
            return null;
        }
        if (exchange instanceof ScramServer.AwaitingClientFinal last) {
            ScramServer.Finished end =
                    last.handleClientFinal(SASLResponse.decode(body).data());
            exchange = end;
            if (end instanceof ScramServer.Authenticated ok) {
                new AuthenticationSASLFinal(ok.serverFinal()).encode(out);
                return CompletableFuture.completedFuture(new Verdict(true, proof(ok)));
            }
        }
        return CompletableFuture.completedFuture(Verdict.WRONG);
    }

    private void onInitialResponse(ScramServer.AwaitingClientFirst first, SASLInitialResponse response, ByteBuf out) {
        byte[] clientFirst = response.response();
        if (clientFirst == null) {
            throw new ProtocolViolation("client selected an invalid SASL authentication mechanism");
        }
        ScramServer.AwaitingClientFinal next = first.handleClientFirst(response.mechanism(), clientFirst);
        exchange = next;
        new AuthenticationSASLContinue(next.serverFirst()).encode(out);
    }

    private ServerSecret proof(ScramServer.Authenticated ok) {
        return secret instanceof Secret.Plain plain
                ? new ServerSecret.Password(plain.password())
                : new ServerSecret.Keys(verifier, ok.keys());
    }
}
