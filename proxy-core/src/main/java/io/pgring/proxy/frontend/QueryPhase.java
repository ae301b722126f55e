package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.proxy.exchange.Exchange;
import io.pgring.proxy.exchange.ExtendedQuery;
import io.pgring.proxy.exchange.SimpleQuery;
import org.jspecify.annotations.Nullable;

/**
 * The life of a session after login: tells the messages apart and hands each to its chapter. A message that can't be dealt with yet
 * stays in the buffer, and with it all that follow.
 */
final class QueryPhase implements Phase {
    /** A Bind that is longer is passed on before it is complete, once the key is there. */
    private static final int HELD_BYTES_MAX = 64 * 1024;

    private final ClientConnection client;
    private final FrontendLoop loop;
    private final Runnable onClosed;
    private final Exchange exchange;
    private final SimpleQuery simple;
    private final ExtendedQuery extended;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.FRONTEND);
    /** Its own, since what a Bind sets off may make the event loop turn to other clients. */
    private final BindView bind = new BindView();

    private final SessionClock clock;
    private boolean draining;
    private boolean terminated;

    /** @param exchange the client's */
    QueryPhase(ClientConnection client, FrontendLoop loop, Exchange exchange, Runnable onClosed) {
        this.client = client;
        this.loop = loop;
        this.onClosed = onClosed;
        this.exchange = exchange;
        this.simple = new SimpleQuery(exchange, loop.planner(), loop.text());
        this.extended = new ExtendedQuery(exchange, loop.planner());
        this.clock = new SessionClock(client, exchange.timedWork());
        loop.sessions().add(clock);
    }

    @Override
    public boolean isPaused() {
        return !exchange.accepts();
    }

    @Override
    public void read(ByteBuf in) {
        while (in.isReadable() && !terminated && exchange.accepts()) {
            if (cursor.inside()) {
                int from = in.readerIndex();
                cursor.advanceInside(in);
                exchange.relay().onMessagePart(in, from, in.readerIndex() - from, !cursor.inside());
            } else if (!cursor.next(in) || !readMessage(in)) {
                break;
            }
        }
        if (draining && exchange.isIdle() && !in.isReadable()) {
            client.onFatal(ClientConnection.GOING_DOWN);
        }
    }

    /** @return whether the message, or its begin, was consumed */
    private boolean readMessage(ByteBuf in) {
        byte type = cursor.type();
        if (type == FrontendType.COPY_DATA) {
            if (exchange.relay().awaitsCopyIn()) {
                return false;
            }
            int available = Math.min(cursor.length(), in.readableBytes());
            exchange.relay().onCopyData(in, in.readerIndex(), available, cursor.isWhole(in));
            cursor.advance(in);
            return true;
        }
        if (!cursor.isWhole(in)) {
            return readPart(in, type);
        }
        if (!tryMessage(type, in)) {
            return false;
        }
        cursor.advance(in);
        return true;
    }

    /** One malformed message ends what the client has begun; the session goes on, as its frames are in step. */
    private boolean tryMessage(byte type, ByteBuf in) {
        try {
            return onMessage(type, in, in.readerIndex());
        } catch (ProtocolViolation violation) {
            if (violation.fatal()) {
                throw violation;
            }
            if (exchange.isSkipping()) {
                return true;
            }
            if (!isUnit(type)) {
                return extended.refuse(ErrorResponse.of(violation));
            }
            refuse(type, ErrorResponse.of(violation));
            return true;
        }
    }

    /** Whether the message is answered with a ReadyForQuery of its own. */
    private static boolean isUnit(byte type) {
        return type == FrontendType.QUERY || type == FrontendType.FUNCTION_CALL;
    }

    private void refuse(byte type, ErrorResponse error) {
        exchange.refuse(error);
        if (isUnit(type)) {
            exchange.ready();
        }
    }

    private boolean readPart(ByteBuf in, byte type) {
        if (type == FrontendType.BIND && cursor.length() > HELD_BYTES_MAX && tryBindPart(in)) {
            return true;
        }
        if (in.readableBytes() < loop.services().limits().messageBytesMax()
                && cursor.length() <= loop.services().limits().messageBytesMax()) {
            return false;
        }
        if (type == FrontendType.BIND
                && in.readableBytes() < loop.services().limits().messageBytesMax()) {
            return false;
        }
        onTooLarge(type);
        cursor.advance(in);
        return true;
    }

    /** The rest of a refused message is thrown away as it comes. */
    private void onTooLarge(byte type) {
        if (exchange.isCopyingIn()) {
            exchange.relay().onCopyInterrupted(type);
        } else if (!exchange.isSkipping()) {
            ErrorResponse error = ErrorResponse.error("54000", "message is too large")
                    .detail("It has " + cursor.length() + " bytes, and limits.messageBytesMax is "
                            + loop.services().limits().messageBytesMax() + ".")
                    .hint("Raise the limit, or send large values as parameters that come after the key, or by COPY.");
            refuse(type, error);
        }
    }

    private boolean tryBindPart(ByteBuf in) {
        try {
            return readBindPart(in);
        } catch (ProtocolViolation violation) {
            if (violation.fatal()) {
                throw violation;
            }
            if (!exchange.isSkipping()) {
                exchange.refuse(ErrorResponse.of(violation));
            }
            cursor.advance(in);
            return true;
        }
    }

    private boolean readBindPart(ByteBuf in) {
        if (in.readableBytes() < HELD_BYTES_MAX) {
            return false;
        }
        int start = in.readerIndex() + MessageCursor.HEADER_BYTES;
        ByteBuf front = in.slice(start, in.writerIndex() - start);
        if (!bind.wrapPrefix(front, cursor.bodyLength())
                || !Boolean.TRUE.equals(extended.onBind(bind, front, cursor.bodyLength(), false))) {
            return false;
        }
        cursor.advance(in);
        if (!exchange.isSkipping()) {
            exchange.relay().onMessageBegun();
        }
        return true;
    }

    private boolean onMessage(byte type, ByteBuf in, int index) {
        ByteBuf body = in.slice(index + MessageCursor.HEADER_BYTES, cursor.bodyLength());
        if (exchange.isCopyingIn()) {
            return onMessageDuringCopy(type, in, index);
        }
        return switch (type) {
            case FrontendType.QUERY -> extended.onOtherMessage() && onQuery(in, index);
            case FrontendType.PARSE -> extended.onParse(Parse.decode(body));
            case FrontendType.BIND -> {
                bind.wrap(body);
                yield Boolean.TRUE.equals(
                        extended.onBind(bind, body, cursor.bodyLength(), isPipelined(in, index + cursor.length())));
            }
            case FrontendType.DESCRIBE -> extended.onDescribe(Describe.decode(body));
            case FrontendType.EXECUTE -> extended.onExecute(Execute.decode(body));
            case FrontendType.CLOSE -> extended.onClose(Close.decode(body));
            case FrontendType.FLUSH -> extended.onFlush();
            case FrontendType.SYNC -> extended.onSync();
            case FrontendType.FUNCTION_CALL ->
                extended.onOtherMessage()
                        && simple.onFunctionCall(
                                in, index, cursor.length(), loop.planner().home());
            case FrontendType.COPY_DONE, FrontendType.COPY_FAIL ->
                !exchange.relay().awaitsCopyIn();
            case FrontendType.TERMINATE -> onTerminate();
            default -> throw new ProtocolViolation("invalid frontend message type " + type);
        };
    }

    /** Whether, behind a Bind and its Execute, more is there already that belongs to the same transaction. */
    private static boolean isPipelined(ByteBuf in, int behind) {
        int position = behind;
        while (position + MessageCursor.HEADER_BYTES <= in.writerIndex()) {
            switch (in.getByte(position)) {
                case FrontendType.BIND, FrontendType.PARSE -> {
                    return true;
                }
                case FrontendType.DESCRIBE, FrontendType.EXECUTE, FrontendType.CLOSE -> {}
                default -> {
                    return false;
                }
            }
            int length = in.getInt(position + 1);
            if (length < Integer.BYTES || length > in.writerIndex() - position) {
                return false;
            }
            position += 1 + length;
        }
        return false;
    }

    private boolean onQuery(ByteBuf in, int index) {
        extended.onQuery();
        return simple.onQuery(in, index, cursor.length());
    }

    private boolean onMessageDuringCopy(byte type, ByteBuf in, int index) {
        switch (type) {
            case FrontendType.COPY_DONE, FrontendType.COPY_FAIL ->
                exchange.relay().onCopyEnd(in, index, cursor.length());
            case FrontendType.FLUSH, FrontendType.SYNC -> {}
            case FrontendType.TERMINATE -> onTerminate();
            default -> exchange.relay().onCopyInterrupted(type);
        }
        return true;
    }

    private boolean onTerminate() {
        terminated = true;
        client.onFatal(null);
        return true;
    }

    @Override
    public void onWritability() {
        exchange.onClientWritability();
    }

    @Override
    public void cancel() {
        exchange.cancel();
    }

    @Override
    public @Nullable ErrorResponse onDrain(ErrorResponse refusal) {
        draining = true;
        return exchange.isIdle() ? ClientConnection.GOING_DOWN : null;
    }

    @Override
    public void onClosed() {
        loop.sessions().remove(clock);
        exchange.close();
        onClosed.run();
    }
}
