package io.pgring.proxy.backend;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.config.TlsNegotiation;
import io.pgring.proxy.tls.TlsContexts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one connection to a shard.
 *
 * @param shard host name for SNI and for the check of the certificate
 * @param need whether it may do without
 * @param context null without TLS
 */
record ServerTls(
        ShardConfiguration shard, Need need, @Nullable SslContext context) {
    /** How much one attempt to connect wants TLS. */
    enum Need {
        /** Not at all. */
        NONE,
        /** When the server agrees. */
        IF_OFFERED,
        /** It must be. */
        ALWAYS;

        /**
         * The attempts to make, each after the server has refused the one before: what libpq's {@code sslmode} means. There is no TLS
         * on Unix-domain sockets.
         */
        static List<Need> attempts(ShardConfiguration shard) {
            TlsMode mode =
                    shard.isUnixDomainSocket() ? TlsMode.DISABLE : shard.tls().mode();
            return switch (mode) {
                case DISABLE -> List.of(NONE);
                case ALLOW -> List.of(NONE, ALWAYS);
                case PREFER -> List.of(IF_OFFERED, NONE);
                case REQUIRE, VERIFY_CA, VERIFY_FULL -> List.of(ALWAYS);
            };
        }
    }

    static ServerTls of(ShardConfiguration shard, Need need, TlsContexts contexts) {
        return new ServerTls(shard, need, need == Need.NONE ? null : contexts.shard(shard.tls()));
    }

    /** Whether it begins without asking the server. */
    boolean isDirect() {
        return context != null && shard.tls().negotiation() == TlsNegotiation.DIRECT;
    }

    /** Begins the handshake on a connection. */
    void begin(ChannelPipeline pipeline, ByteBufAllocator allocator, long millisMax) {
        if (context == null) {
            throw new IllegalStateException("a connection without TLS");
        }
        SslHandler handler = context.newHandler(allocator, shard.host(), shard.port());
        handler.setHandshakeTimeoutMillis(millisMax);
        pipeline.addFirst(handler);
    }
}
