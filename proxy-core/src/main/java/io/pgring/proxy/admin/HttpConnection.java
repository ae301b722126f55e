package io.pgring.proxy.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the HTTP port: answers its requests one after the other, in the order in which they came.
 *
 * <pre>
 *            request                    answer, kept alive
 *   WAITING ─────────► ANSWERING ─────────────────────────► WAITING
 *      │                   │ answer, last one; or 504
 *      │ {@value #WAIT_MILLIS_MAX} ms         ▼
 *      └────────────► CLOSING ──► (closed)
 * </pre>
 *
 * A client that sends nothing, or half a request, or takes no answers, is disconnected after {@value #WAIT_MILLIS_MAX} ms.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final long WAIT_MILLIS_MAX = 60_000;
    private static final long ANSWER_MILLIS_MAX = 30_000;
    /** A client that is still sending would not see its answer if the connection were closed at once. */
    private static final long LINGER_MILLIS = 1_000;

    private final Channel channel;
    private final Router router;
    private final Caller caller;
    /** Requests that have come while another is being answered: FullHttpRequest or TooLarge. */
    private final ArrayDeque<Object> pending = new ArrayDeque<>();

    private State state = State.WAITING;
    private boolean answersNext;
    private @Nullable Future<?> timeout;

    private enum State {
        WAITING,
        ANSWERING,
        CLOSING
    }

    HttpConnection(Channel channel, Router router, Caller caller) {
        this.channel = channel;
        this.router = router;
        this.caller = caller;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        toTimeout(WAIT_MILLIS_MAX, this::close);
    }

    private void toTimeout(long millis, Runnable action) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        timeout = channel.eventLoop().schedule(action, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (state == State.CLOSING) {
            ReferenceCountUtil.release(message);
            return;
        }
        pending.add(message);
        answerNext();
    }

    private void answerNext() {
        if (answersNext) {
            return;
        }
        answersNext = true;
        try {
            while (state == State.WAITING && !pending.isEmpty()) {
                Object next = pending.remove();
                try {
                    answer(next);
                } finally {
                    ReferenceCountUtil.release(next);
                }
            }
        } finally {
            answersNext = false;
        }
        boolean reading = pending.isEmpty();
        if (channel.config().isAutoRead() != reading) {
            channel.config().setAutoRead(reading);
        }
    }

    /** @param message borrowed */
    private void answer(Object message) {
        state = State.ANSWERING;
        if (message instanceof RequestAggregator.TooLarge tooLarge) {
            write(tooLarge(tooLarge.bodyBytesMax()), HttpVersion.HTTP_1_1, LINGER_MILLIS);
            return;
        }
        FullHttpRequest request = (FullHttpRequest) message;
        HttpVersion version = request.protocolVersion();
        if (request.decoderResult().isFailure()) {
            write(malformed(request.decoderResult()), version, LINGER_MILLIS);
            return;
        }
        boolean keptAlive = HttpUtil.isKeepAlive(request);
        toTimeout(ANSWER_MILLIS_MAX, () -> onAnswer(timedOut(), version, keptAlive));
        CompletableFuture<Answer> unused = answer(Request.of(request)).whenComplete((answer, failure) -> {
            Answer known = answer == null ? onFailure(failure) : answer;
            if (channel.eventLoop().inEventLoop()) {
                onAnswer(known, version, keptAlive);
            } else {
                channel.eventLoop().execute(() -> onAnswer(known, version, keptAlive));
            }
        });
    }

    private CompletableFuture<Answer> answer(Request request) {
        try {
            return router.answer(request, caller);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** An answer is there, unless time was up before. */
    private void onAnswer(Answer answer, HttpVersion version, boolean keptAlive) {
        if (state == State.ANSWERING) {
            write(keptAlive ? answer : answer.closing(), version, 0);
            answerNext();
        }
    }

    private void write(Answer answer, HttpVersion version, long lingerMillis) {
        byte[] body = answer.body() instanceof Text other
                ? other.text().getBytes(StandardCharsets.UTF_8)
                : Json.encode(answer.body());
        CharSequence type =
                answer.body() instanceof Text other ? other.contentType() : HttpHeaderValues.APPLICATION_JSON;
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff");
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        HttpUtil.setKeepAlive(response.headers(), version, !answer.closes());
        state = answer.closes() ? State.CLOSING : State.WAITING;
        toTimeout(WAIT_MILLIS_MAX, this::close);
        ChannelFuture written = channel.writeAndFlush(response);
        if (answer.closes()) {
            releasePending();
            if (lingerMillis == 0) {
                written.addListener(ChannelFutureListener.CLOSE);
            } else {
                toTimeout(lingerMillis, this::close);
            }
        }
    }

    private static Answer tooLarge(int bodyBytesMax) {
        return Answer.problem(
                        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                        "body is too large",
                        "It may have limits.httpBodyBytesMax = " + bodyBytesMax + " bytes.")
                .closing();
    }

    private static Answer malformed(DecoderResult result) {
        HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
        String error = "request is not valid HTTP";
        if (result.cause() instanceof TooLongHttpLineException) {
            status = HttpResponseStatus.REQUEST_URI_TOO_LONG;
            error = "URI is too long";
        } else if (result.cause() instanceof TooLongHttpHeaderException) {
            status = HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            error = "headers are too long";
        }
        return Answer.problem(status, error, null).closing();
    }

    private static Answer timedOut() {
        return Answer.problem(
                        HttpResponseStatus.GATEWAY_TIMEOUT,
                        "no answer within " + ANSWER_MILLIS_MAX + " ms",
                        "Look at /health/ready. It is not known whether a write took effect.")
                .closing();
    }

    private Answer onFailure(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RequestRefused refused) {
            return refused.answer();
        }
        LOG.error("internal error client={}", channel.remoteAddress(), cause);
        return Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "internal error of the proxy",
                        "The proxy's log has more.")
                .closing();
    }

    private void close() {
        ChannelFuture unused = channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSING;
        if (timeout != null) {
            timeout.cancel(false);
        }
        releasePending();
        caller.close();
    }

    private void releasePending() {
        pending.forEach(ReferenceCountUtil::release);
        pending.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof CodecException) {
            LOG.debug("http connection failed client={} error=\"{}\"", channel.remoteAddress(), cause.toString());
        } else {
            LOG.error("internal error client={}", channel.remoteAddress(), cause);
        }
        close();
    }
}
