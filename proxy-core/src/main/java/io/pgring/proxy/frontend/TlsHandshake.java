package io.pgring.proxy.frontend;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.tls.ClientTls;
import io.pgring.proxy.tls.TlsContexts;

/** Stands behind a client's TLS until the handshake is over, and tells the session what came of it. */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
    private final ClientConnection client;
    private final ClientTls tls;
    private final SslHandler handler;
    private final boolean direct;

    private TlsHandshake(ClientConnection client, ClientTls tls, SslHandler handler, boolean direct) {
        this.client = client;
        this.tls = tls;
        this.handler = handler;
        this.direct = direct;
    }

    /**
     * What comes in from now on is TLS.
     *
     * @param direct whether the client began with it, which only clients may do that say by ALPN that they mean PostgreSQL
     */
    static void begin(ClientConnection client, ClientTls tls, long millisMax, boolean direct) {
        SslHandler handler = tls.newHandler(client.channel().alloc());
        handler.setHandshakeTimeoutMillis(millisMax);
        ChannelPipeline pipeline = client.channel().pipeline();
        pipeline.addFirst(new TlsHandshake(client, tls, handler, direct));
        pipeline.addFirst(handler);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            client.onEncrypted(Encryption.of(handler.engine().getSession(), tls.binding()));
            if (direct && !TlsContexts.POSTGRESQL.equals(handler.applicationProtocol())) {
                client.onFatal(ErrorResponse.fatal(
                        ProtocolViolation.PROTOCOL_VIOLATION,
                        "received direct SSL connection request without ALPN protocol negotiation extension"));
            }
            ctx.pipeline().remove(this);
        }
        ctx.fireUserEventTriggered(event);
    }
}
