package io.pgring.proxy.frontend;

import io.pgring.pgwire.auth.ChannelBinding;
import io.pgring.pgwire.auth.Secret;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.backend.ServerSecret;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a client comes from, as the rules see it.
 *
 * @param encryption null when the connection is not encrypted
 */
record ClientOrigin(InetAddress address, @Nullable Encryption encryption) {
    static ClientOrigin of(ClientConnection client) {
        InetAddress address = client.channel().remoteAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
        return new ClientOrigin(address, client.encryption());
    }

    String host() {
        return address.getHostAddress();
    }

    @Nullable
    String commonName() {
        return encryption == null ? null : encryption.commonName();
    }

    /** What a proof of the password can be bound to; null when there is nothing. */
    @Nullable
    ChannelBinding binding() {
        return encryption == null ? null : encryption.binding();
    }

    /** The method of the first rule for this client; null when there is none. */
    @Nullable
    AuthenticationMethod method(AuthenticationSettings settings, String database, String user) {
        ClientRule rule = settings.ruleFor(encryption != null, database, user, address);
        return rule == null ? null : rule.method();
    }

    /** What one is told whom no rule lets in, in the words that PostgreSQL has for pg_hba.conf. */
    ErrorResponse refusal(@Nullable AuthenticationMethod method, String database, String user) {
        String client = "host \"" + host() + "\", user \"" + user + "\", database \"" + database + "\", "
                + (encryption == null ? "no encryption" : "SSL encryption");
        return method == null
                ? ErrorResponse.fatal("28000", "no entry in clients.rules for " + client)
                : ErrorResponse.fatal("28000", "clients.rules rejects connection for " + client);
    }

    /** What the users file says of one who has not been asked for a password. */
    ServerSecret known(AuthenticationSettings settings, String user) {
        Secret secret = settings.users().get(user);
        if (secret instanceof Secret.Plain plain) {
            return new ServerSecret.Password(plain.password());
        }
        return secret instanceof Secret.Md5 md5 ? new ServerSecret.Md5(md5.stored()) : new ServerSecret.None();
    }
}
