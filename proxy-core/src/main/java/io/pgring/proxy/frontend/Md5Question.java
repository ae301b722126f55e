package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.auth.Md5Password;
import io.pgring.pgwire.backend.AuthenticationMD5Password;
import io.pgring.pgwire.frontend.PasswordMessage;
import io.pgring.proxy.backend.ServerSecret;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;

/** PostgreSQL's md5 authentication. */
final class Md5Question implements Question {
    private static final int SALT_BYTES = 4;

    private final String user;
    private final String secret;
    private final byte[] salt = new byte[SALT_BYTES];

    /** @param secret a password, an md5 hash, or one that no password has */
    Md5Question(String user, String secret) {
        this.user = user;
        this.secret = secret;
        new SecureRandom().nextBytes(salt);
    }

    @Override
    public void ask(ByteBuf out) {
        new AuthenticationMD5Password(salt).encode(out);
    }

    @Override
    public CompletableFuture<Verdict> onAnswer(ByteBuf body, ByteBuf out) {
        byte[] answer = PasswordMessage.decode(body).password();
        if (answer.length == 0) {
            throw new ProtocolViolation("28P01", "empty password returned by client");
        }
        boolean right = Md5Password.fits(user, secret, salt, answer);
        return CompletableFuture.completedFuture(right ? new Verdict(true, proof()) : Verdict.WRONG);
    }

    private ServerSecret proof() {
        return Md5Password.isStored(secret) ? new ServerSecret.Md5(secret) : new ServerSecret.Password(secret);
    }
}
