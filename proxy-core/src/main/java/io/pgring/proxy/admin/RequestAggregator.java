package io.pgring.proxy.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Gathers requests. In place of one whose body is too large it passes on a {@link TooLarge}, to be answered in its turn. */
final class RequestAggregator extends HttpObjectAggregator {

    /** Stands for the request, whose body is thrown away as it comes. */
    record TooLarge(int bodyBytesMax) {}

    RequestAggregator(int bodyBytesMax) {
        super(bodyBytesMax);
    }

    /** A client that waits for a nod before it sends too large a body gets the error at once. */
    @Override
    protected Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        return isContentLengthInvalid(start, maxContentLength)
                ? none()
                : super.newContinueResponse(start, maxContentLength, pipeline);
    }

    @SuppressWarnings("NullAway") // The superclass takes null for "no response".
    private static Object none() {
        return null;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
        ctx.fireChannelRead(new TooLarge(maxContentLength()));
    }
}
