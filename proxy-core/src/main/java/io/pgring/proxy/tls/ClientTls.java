package io.pgring.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.pgring.pgwire.auth.ChannelBinding;
import io.pgring.proxy.config.ListenTls;
import io.pgring.proxy.config.TlsMode;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients, ready to be used.
 *
 * @param mode who needs it
 * @param context certificate, key, authorities
 * @param binding to the proxy's certificate, for SCRAM-SHA-256-PLUS; null when the certificate can't have one
 */
public record ClientTls(
        TlsMode mode, SslContext context, @Nullable ChannelBinding binding) {

    static ClientTls load(ListenTls listen) throws TlsException {
        Path file = Objects.requireNonNull(listen.certificate());
        List<X509Certificate> chain = PemFile.certificates(file);
        X509Certificate own = chain.get(0);
        SslContextBuilder builder = SslContextBuilder.forServer(
                        PemFile.key(Objects.requireNonNull(listen.key()), own), chain)
                .protocols(listen.protocolVersionMin().andLater())
                .applicationProtocolConfig(TlsContexts.POSTGRESQL_ALPN);
        Path clientCa = listen.clientCa();
        if (clientCa != null) {
            // Who has none may come as far as the StartupMessage, to be told what is missing.
            builder.trustManager(PemFile.certificates(clientCa)).clientAuth(ClientAuth.OPTIONAL);
        }
        if (!listen.ciphers().isEmpty()) {
            builder.ciphers(listen.ciphers());
        }
        try {
            return new ClientTls(listen.mode(), builder.build(), ChannelBinding.of(own));
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("listen.tls can't be used with " + file + ": " + e.getMessage(), e);
        }
    }

    /** The handler of a new connection. */
    public SslHandler newHandler(ByteBufAllocator allocator) {
        return context.newHandler(allocator);
    }
}
