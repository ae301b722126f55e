package io.pgring.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.SSLRequest;
import java.util.concurrent.TimeUnit;

/**
 * Sends a CancelRequest over a connection of its own, and waits until the server closes it: only then has the signal been sent
 * (PostgreSQL manual, "Canceling Requests in Progress").
 */
final class CancelSender extends ChannelInboundHandlerAdapter {
    private final BackendKeyData key;
    private final ServerTls tls;
    private final long waitMillisMax;
    private final Runnable onDone;
    private boolean encrypted;
    private boolean done;

    CancelSender(BackendKeyData key, ServerTls tls, long waitMillisMax, Runnable onDone) {
        this.key = key;
        this.tls = tls;
        this.waitMillisMax = waitMillisMax;
        this.onDone = onDone;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.executor().schedule(() -> ctx.close(), waitMillisMax, TimeUnit.MILLISECONDS);
        if (tls.isDirect()) {
            begin(ctx);
        } else if (tls.need() != ServerTls.Need.NONE) {
            ByteBuf request = ctx.alloc().buffer();
            new SSLRequest().encode(request);
            ctx.writeAndFlush(request, ctx.voidPromise());
        } else {
            send(ctx);
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        encrypted = true;
        tls.begin(ctx.pipeline(), ctx.alloc(), waitMillisMax);
        send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
        ByteBuf request = ctx.alloc().buffer();
        new CancelRequest(key.processId(), key.secretKey()).encode(request);
        ctx.writeAndFlush(request, ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean accepted = message instanceof ByteBuf answer
                && answer.readableBytes() == 1
                && answer.getByte(answer.readerIndex()) == 'S';
        ReferenceCountUtil.release(message);
        if (!encrypted && tls.need() != ServerTls.Need.NONE) {
            if (accepted) {
                begin(ctx);
            } else {
                ctx.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    /** The server has been told, or can't be. */
    void finish() {
        if (!done) {
            done = true;
            onDone.run();
        }
    }
}
