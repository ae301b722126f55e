package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.fanout.CopyInput;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages on to the server that are longer than anybody holds, or that nobody needs to understand: the rest of a long Bind,
 * and copy data, in constant memory.
 */
public final class MessageRelay {
    private static final int HEADER_BYTES = MessageCursor.HEADER_BYTES;

    private final Exchange exchange;
    private boolean midMessage;

    MessageRelay(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Whether a part of a message was sent, and the rest is to come. */
    boolean isMidMessage() {
        return midMessage;
    }

    /** The message that was written to the server last is not complete: more of it comes by {@link #onMessagePart}. */
    public void onMessageBegun() {
        midMessage = true;
    }

    /**
     * More of a message that was begun; of one that was refused, it is thrown away.
     *
     * @param source borrowed
     */
    public void onMessagePart(ByteBuf source, int index, int length, boolean last) {
        CopyInput spread = copyInput();
        if (spread != null) {
            spread.onCopyData(source.slice(index, length));
            return;
        }
        ServerConnection server = exchange.server();
        if (midMessage && server != null) {
            server.write(source, index, length);
        }
        if (midMessage && last) {
            midMessage = false;
            exchange.releaseIfDone();
        }
    }

    /**
     * Whether it must be seen first if the statement that was executed last takes copy data. If so, the message is to be handed in
     * again later.
     */
    public boolean awaitsCopyIn() {
        if (exchange.input() != Input.ACCEPTING || !exchange.replies().endsWithExecute()) {
            return false;
        }
        new Flush().encode(exchange.requireServer().gather());
        exchange.toInput(Input.AWAITING_COPY);
        return true;
    }

    /**
     * Copy data for the server, or nothing when no copy is going on.
     *
     * @param source borrowed
     */
    public void onCopyData(ByteBuf source, int index, int length, boolean whole) {
        CopyInput spread = copyInput();
        if (spread != null) {
            spread.onCopyData(source.slice(index + HEADER_BYTES, length - HEADER_BYTES));
            return;
        }
        ServerConnection server = exchange.server();
        if (exchange.isCopyingIn() && server != null) {
            server.write(source, index, length);
            midMessage = !whole;
        }
    }

    /**
     * CopyDone or CopyFail.
     *
     * @param source borrowed, a whole message
     */
    public void onCopyEnd(ByteBuf source, int index, int length) {
        CopyInput spread = copyInput();
        if (spread != null) {
            ByteBuf body = source.slice(index + HEADER_BYTES, length - HEADER_BYTES);
            exchange.spread().onCopyEnd();
            if (source.getByte(index) == FrontendType.COPY_DONE) {
                spread.onCopyDone();
            } else {
                spread.onCopyFail(CopyFail.decode(body).message());
            }
            return;
        }
        exchange.requireServer().write(source, index, length);
        toEnd();
    }

    /** Something else than copy data has come: the server is told that the copy has failed. */
    public void onCopyInterrupted(byte type) {
        String reason = String.format("unexpected message type 0x%02X during COPY from stdin", type);
        CopyInput spread = copyInput();
        if (spread != null) {
            exchange.spread().onCopyEnd();
            spread.onCopyFail(reason);
            return;
        }
        new CopyFail(reason).encode(exchange.requireServer().gather());
        toEnd();
    }

    /** Takes copy data for several shards; null when that is not what is going on. */
    private @Nullable CopyInput copyInput() {
        return exchange.isCopyingIn() ? exchange.spread().copyInput() : null;
    }

    /** A simple query now ends by itself; in the extended protocol the client's Sync is to come. */
    private void toEnd() {
        Expected head = exchange.replies().head();
        boolean simple = head != null && head.kind() == Expected.Kind.QUERY;
        exchange.toInput(simple ? Input.ANSWERING : Input.ACCEPTING);
    }
}
