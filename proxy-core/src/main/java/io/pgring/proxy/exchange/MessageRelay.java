package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.exchange.Exchange.Input;

/**
 * Hands messages on to the server that are longer than anybody holds, or that nobody needs to understand: the rest of a long Bind,
 * and copy data, in constant memory.
 */
public final class MessageRelay {
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
        exchange.requireServer().write(source, index, length);
        toEnd();
    }

    /** Something else than copy data has come: the server is told that the copy has failed. */
    public void onCopyInterrupted(byte type) {
        String reason = String.format("unexpected message type 0x%02X during COPY from stdin", type);
        new CopyFail(reason).encode(exchange.requireServer().gather());
        toEnd();
    }

    /** A simple query now ends by itself; in the extended protocol the client's Sync is to come. */
    private void toEnd() {
        Expected head = exchange.replies().head();
        boolean simple = head != null && head.kind() == Expected.Kind.QUERY;
        exchange.toInput(simple ? Input.ANSWERING : Input.ACCEPTING);
    }
}
