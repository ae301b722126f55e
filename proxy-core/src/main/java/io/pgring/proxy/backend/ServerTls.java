package io.pgring.proxy.backend;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/** TLS towards the shards, as libpq's sslmode prefer and require have it: encrypted, the server's certificate not verified. */
final class ServerTls {
    static final String HANDLER = "tls";

    private ServerTls() {}

    static ChannelHandler newHandler(ByteBufAllocator allocator) {
        return Context.CLIENT.newHandler(allocator);
    }

    /** Made on first use: most shards on the same host have no TLS. */
    private static final class Context {
        static final SslContext CLIENT = create();

        private static SslContext create() {
            try {
                return SslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm("")
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException("this Java runtime has no TLS", e);
            }
        }
    }
}
